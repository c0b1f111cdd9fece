/**
 * What breaks in software of each kind: the raw material of titles, culprits, stack traces and tags.
 * `{noun}` is chosen once per issue, `{n}` differs from event to event.
 */
export interface Failure {
  readonly type: string;
  readonly value: string;
  readonly fn: string;
}

export interface Platform {
  /** The value of `project.platform`; events carry `language`. */
  readonly key: string;
  readonly language: string;
  readonly sdk: readonly [name: string, version: string];
  readonly runtime: readonly [name: string, version: string] | null;
  readonly client: 'server' | 'browser' | 'phone';
  readonly file: string;
  readonly library: readonly [file: string, fn: string][];
  readonly code: string;
  readonly failures: readonly Failure[];
}

const f = (type: string, value: string, fn: string): Failure => ({ type, value, fn });

export const platforms: readonly Platform[] = [
  {
    key: 'python-django',
    language: 'python',
    sdk: ['sentry.python.django', '2.19.2'],
    runtime: ['CPython', '3.12.4'],
    client: 'server',
    file: 'shop/{noun}s/views.py',
    code: 'return self.{fn}(request, {noun}_id)',
    library: [
      ['django/core/handlers/base.py', '_get_response'],
      ['django/db/models/query.py', 'get'],
      ['celery/app/trace.py', 'trace_task'],
    ],
    failures: [
      f('DoesNotExist', '{noun} matching query does not exist.', 'get_{noun}'),
      f('KeyError', "'{noun}_id'", 'read_payload'),
      f('ValueError', "invalid literal for int() with base 10: '{noun}-{n}'", 'parse_{noun}_number'),
      f(
        'OperationalError',
        'could not connect to server: Connection refused (host "db-{noun}", port 5432)',
        'load_{noun}',
      ),
      f('SoftTimeLimitExceeded', 'Task export_{noun} ran longer than 300 s (job {n})', 'export_{noun}'),
      f(
        'UnicodeDecodeError',
        "'utf-8' codec can't decode byte 0xe9 in position {n}: invalid continuation byte",
        'import_{noun}s',
      ),
    ],
  },
  {
    key: 'javascript-react',
    language: 'javascript',
    sdk: ['sentry.javascript.react', '8.42.0'],
    runtime: null,
    client: 'browser',
    file: './src/pages/{noun}/{noun}-view.tsx',
    code: 'const {noun} = {noun}s.find((one) => one.id === selected);',
    library: [
      ['./node_modules/react-dom/cjs/react-dom.production.min.js', 'commitRoot'],
      ['./node_modules/@tanstack/query-core/src/query.ts', 'fetch'],
      ['./node_modules/axios/lib/core/settle.js', 'settle'],
    ],
    failures: [
      f('TypeError', "Cannot read properties of undefined (reading '{noun}')", 'render{Noun}'),
      f(
        'ChunkLoadError',
        'Loading chunk {n} failed. (error: https://cdn.example.com/static/{noun}.js)',
        'load{Noun}Page',
      ),
      f('AxiosError', 'Request failed with status code 502 at /api/{noun}s/{n}', 'fetch{Noun}'),
      f('RangeError', 'Maximum call stack size exceeded', 'walk{Noun}Tree'),
      f('UnhandledRejection', 'Non-Error promise rejection captured with value: {noun} was cancelled', 'submit{Noun}'),
      f(
        'QuotaExceededError',
        "Failed to execute 'setItem' on 'Storage': Setting the value of '{noun}-cache' exceeded the quota.",
        'remember{Noun}',
      ),
    ],
  },
  {
    key: 'node-express',
    language: 'node',
    sdk: ['sentry.javascript.node', '8.42.0'],
    runtime: ['node', 'v20.18.1'],
    client: 'server',
    file: '/srv/app/dist/routes/{noun}s.js',
    code: 'await store.{noun}s.put(await request.json());',
    library: [
      ['node:internal/process/task_queues', 'processTicksAndRejections'],
      ['/srv/app/node_modules/express/lib/router/layer.js', 'handle'],
      ['/srv/app/node_modules/pg/lib/client.js', '_handleErrorMessage'],
    ],
    failures: [
      f('Error', 'connect ECONNREFUSED 10.4.{n}.7:6379', 'open{Noun}Cache'),
      f('SyntaxError', 'Unexpected token < in JSON at position {n}', 'parse{Noun}'),
      f('PayloadTooLargeError', 'request entity too large: {noun} upload of {n} bytes', 'upload{Noun}'),
      f('error', 'duplicate key value violates unique constraint "{noun}s_pkey" (id={n})', 'insert{Noun}'),
      f('TimeoutError', 'The {noun} service did not answer within 5000 ms', 'ask{Noun}Service'),
    ],
  },
  {
    key: 'java-spring-boot',
    language: 'java',
    sdk: ['sentry.java.spring-boot.jakarta', '7.18.1'],
    runtime: ['OpenJDK', '21.0.5'],
    client: 'server',
    file: '{Fn}Service.java',
    code: 'return {noun}Repository.findById(id).orElseThrow();',
    library: [
      ['HttpServlet.java', 'service'],
      ['HikariPool.java', 'getConnection'],
      ['ThreadPoolExecutor.java', 'runWorker'],
    ],
    failures: [
      f(
        'NullPointerException',
        'Cannot invoke "com.example.{Noun}.getTotal()" because "{noun}" is null',
        'total{Noun}',
      ),
      f(
        'SQLTransientConnectionException',
        'HikariPool-1 - Connection is not available, request timed out after {n}ms.',
        'find{Noun}',
      ),
      f(
        'OptimisticLockException',
        'Row was updated or deleted by another transaction: [com.example.{Noun}#{n}]',
        'save{Noun}',
      ),
      f('OutOfMemoryError', 'Java heap space', 'report{Noun}s'),
      f('IllegalStateException', '{Noun} {n} is already closed', 'close{Noun}'),
    ],
  },
  {
    key: 'go',
    language: 'go',
    sdk: ['sentry.go', '0.30.0'],
    runtime: ['go', 'go1.23.4'],
    client: 'server',
    file: 'internal/{noun}/{noun}.go',
    code: 'if err := s.{noun}s.Save(ctx, {noun}); err != nil {',
    library: [
      ['net/http/server.go', 'serverHandler.ServeHTTP'],
      ['database/sql/sql.go', '(*DB).conn'],
      ['runtime/panic.go', 'gopanic'],
    ],
    failures: [
      f('runtime.boundsError', 'runtime error: index out of range [{n}] with length 3', 'Pick{Noun}'),
      f('*errors.errorString', 'context deadline exceeded while reading {noun}', 'Read{Noun}'),
      f('*net.OpError', 'dial tcp 10.0.0.{n}:5432: connect: connection refused', 'Open{Noun}Store'),
      f('*json.SyntaxError', "invalid character '}' after object key in {noun}", 'Decode{Noun}'),
      f('runtime.plainError', 'assignment to entry in nil map', 'Index{Noun}s'),
    ],
  },
  {
    key: 'ruby-rails',
    language: 'ruby',
    sdk: ['sentry.ruby.rails', '5.22.0'],
    runtime: ['ruby', '3.3.6'],
    client: 'server',
    file: 'app/controllers/{noun}s_controller.rb',
    code: '@{noun} = {Noun}.find(params[:id])',
    library: [
      ['activerecord/lib/active_record/core.rb', 'find'],
      ['actionpack/lib/action_controller/metal.rb', 'dispatch'],
      ['sidekiq/lib/sidekiq/processor.rb', 'process'],
    ],
    failures: [
      f('ActiveRecord::RecordNotFound', "Couldn't find {Noun} with 'id'={n}", 'show'),
      f('NoMethodError', "undefined method `total' for nil:NilClass", 'sum_{noun}'),
      f('Net::ReadTimeout', 'Net::ReadTimeout with #<TCPSocket:(closed)> ({noun} import)', 'import_{noun}'),
      f('ActionView::Template::Error', "undefined local variable or method `{noun}_path'", 'render_{noun}'),
      f('Redis::CannotConnectError', 'Connection timed out - user specified timeout ({noun} queue)', 'enqueue_{noun}'),
    ],
  },
  {
    key: 'apple-ios',
    language: 'cocoa',
    sdk: ['sentry.cocoa', '8.41.0'],
    runtime: null,
    client: 'phone',
    file: '{Noun}ViewController.swift',
    code: 'let {noun} = try! store.load({noun}ID)',
    library: [
      ['UIKitCore', '-[UIViewController loadViewIfRequired]'],
      ['libdispatch.dylib', '_dispatch_call_block_and_release'],
      ['Foundation', '-[NSURLSession dataTaskWithRequest:]'],
    ],
    failures: [
      f('EXC_BAD_ACCESS', 'KERN_INVALID_ADDRESS at 0x{n}0.', 'show{Noun}'),
      f('App Hanging', 'App hanging for at least 2000 ms.', 'layout{Noun}List'),
      f(
        'NSInvalidArgumentException',
        '-[__NSCFNumber length]: unrecognized selector sent to instance ({noun})',
        'format{Noun}',
      ),
      f('Fatal error', 'Unexpectedly found nil while unwrapping an Optional value: {noun}', 'select{Noun}'),
      f(
        'WatchdogTermination',
        'The OS watchdog terminated your app, possibly because it overused RAM.',
        'prefetch{Noun}s',
      ),
    ],
  },
  {
    key: 'php-laravel',
    language: 'php',
    sdk: ['sentry.php.laravel', '4.10.1'],
    runtime: ['php', '8.3.14'],
    client: 'server',
    file: '/app/Http/Controllers/{Noun}Controller.php',
    code: '${noun} = {Noun}::findOrFail($id);',
    library: [
      ['/vendor/laravel/framework/src/Illuminate/Routing/Router.php', 'Illuminate\\Routing\\Router::dispatch'],
      [
        '/vendor/laravel/framework/src/Illuminate/Database/Connection.php',
        'Illuminate\\Database\\Connection::runQueryCallback',
      ],
    ],
    failures: [
      f('ErrorException', 'Undefined array key "{noun}"', 'store'),
      f(
        'Illuminate\\Database\\QueryException',
        "SQLSTATE[23000]: Integrity constraint violation: 1062 Duplicate entry '{n}' for key '{noun}s.PRIMARY'",
        'create{Noun}',
      ),
      f('TypeError', 'number_format(): Argument #1 ($num) must be of type float, string given', 'price{Noun}'),
      f(
        'Symfony\\Component\\HttpKernel\\Exception\\NotFoundHttpException',
        'The route api/{noun}s/{n} could not be found.',
        'match',
      ),
    ],
  },
  {
    key: 'dotnet-aspnetcore',
    language: 'csharp',
    sdk: ['sentry.dotnet.aspnetcore', '5.0.0'],
    runtime: ['.NET', '8.0.11'],
    client: 'server',
    file: '/src/Shop/{Noun}Handler.cs',
    code: 'var {noun} = await db.{Noun}s.SingleAsync(x => x.Id == id);',
    library: [
      ['Microsoft.AspNetCore.Routing.EndpointMiddleware', 'Invoke'],
      ['Microsoft.EntityFrameworkCore.Storage.RelationalCommand', 'ExecuteReaderAsync'],
    ],
    failures: [
      f('System.NullReferenceException', 'Object reference not set to an instance of an object.', 'Price{Noun}Async'),
      f('System.InvalidOperationException', 'Sequence contains no elements ({noun} {n})', 'Load{Noun}Async'),
      f(
        'System.Threading.Tasks.TaskCanceledException',
        'The request was canceled due to the configured HttpClient.Timeout of 30 seconds elapsing.',
        'Send{Noun}Async',
      ),
    ],
  },
];
