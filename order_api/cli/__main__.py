from order_api.cli import main

main()
