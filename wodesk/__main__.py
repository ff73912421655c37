from wodesk.cli import main

raise SystemExit(main())
