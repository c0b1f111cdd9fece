import sys

from tap_sentry import main

sys.exit(main())
