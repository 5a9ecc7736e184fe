import socket

from deploy.local.problems import LocalProblem

LOCALHOST = "127.0.0.1"


def free_ports(count: int) -> list[int]:
    """Free ports from the operating system. Holds all of them until the last is known, so they differ."""
    held = [socket.socket(socket.AF_INET, socket.SOCK_STREAM) for _ in range(count)]
    try:
        for listener in held:
            listener.bind((LOCALHOST, 0))
        return [listener.getsockname()[1] for listener in held]
    finally:
        for listener in held:
            listener.close()


def free_port() -> int:
    return free_ports(1)[0]


def is_free(port: int) -> bool:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as listener:
        # Like servers: a port whose last connections are still closing is free for a new listener.
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((LOCALHOST, port))
            listener.listen(1)
        except OSError:
            return False
    return True


def require_free(port: int, variable: str, user: str) -> None:
    if not is_free(port):
        raise LocalProblem(
            f"Port {port}, which the {user} needs, is in use by another program: "
            f"stop that program or choose another port with {variable}=<number> make run."
        )
