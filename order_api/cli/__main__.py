from order_api.cli import main

main(prog_name="order-service")
