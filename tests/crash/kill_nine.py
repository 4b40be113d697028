#!/usr/bin/env python3
"""Kills the real server with SIGKILL in the middle of work, again and again, and asks afterwards for everything that was
acknowledged. The record of what was acknowledged is kept here, outside the server.

Every arrival is sent with an idempotency key; one whose answer was lost to a kill is sent again with the same key after the
restart, as a client would. One in three is a callback, for now or for a time: a killed server must never leave one half
asked for. At the end each key has exactly one interaction, each acknowledged one is there, every callback is on the list of
those to be made, and `switchboard verify` decides the whole journal again.
"""
import argparse, http.client, json, os, random, signal, subprocess, sys, tempfile, threading, time

CONFIG = """
[http]
port = 0
[storage]
directory = "{data}"
[api]
keys = ["crash-key"]
[[skills]]
name = "zh"
[callbacks]
hours = ["00:00-24:00"]
[[queues]]
name = "sales"
"""


class Server:
    def __init__(self, binary, config):
        self.process = subprocess.Popen([binary, "serve", "--config", config], stdout=subprocess.PIPE,
                                        stderr=subprocess.DEVNULL, text=True)
        self.port = 0
        for line in self.process.stdout:
            if line.startswith("ready on port"):
                self.port = int(line.split()[-1])
                break
        if not self.port:
            sys.exit("the server did not start again: " + str(self.process.wait()))
        threading.Thread(target=self.process.stdout.read, daemon=True).start()

    def kill(self):
        os.kill(self.process.pid, signal.SIGKILL)
        self.process.wait()


HEADERS = {"Authorization": "Bearer crash-key"}
FAR_AHEAD = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + 30 * 86400))


def is_callback(key):
    return key.endswith(("0", "1", "2", "3", "4"))


def request_of(key):
    """The same for the same key."""
    if not is_callback(key):
        return "/api/interactions", {"queue": "sales", "skills": {"zh": 50}, "text": key}
    wish = {"phone": "+8613800138000", "queue": "sales", "note": key}
    if key.endswith(("0", "1")):
        wish["at"] = FAR_AHEAD
    return "/api/callbacks", wish


def send(connection, key):
    path, body = request_of(key)
    connection.request("POST", path, json.dumps(body), HEADERS | {"Idempotency-Key": key})
    answer = connection.getresponse()
    body = json.loads(answer.read())
    if answer.status != 201:
        raise RuntimeError(f"{answer.status}: {body}")
    return body["interaction"]


def client(number, port, acknowledged, unanswered, stop):
    """Sends until the server dies. Keys without an answer go to `unanswered`."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    again = list(unanswered[number])
    unanswered[number].clear()
    while not stop.is_set():
        key = again.pop() if again else f"{number}-{random.getrandbits(64):x}"
        try:
            interaction = send(connection, key)
        except (OSError, http.client.HTTPException):
            unanswered[number].append(key)
            unanswered[number].extend(again)
            return
        known = acknowledged[number].setdefault(key, interaction)
        if known != interaction:
            sys.exit(f"key {key} was answered {known} and then {interaction}")
    unanswered[number].extend(again)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--binary", required=True)
    parser.add_argument("--rounds", type=int, default=6)
    parser.add_argument("--clients", type=int, default=4)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    random.seed(options.seed)
    with tempfile.TemporaryDirectory() as directory:
        config = os.path.join(directory, "crash.toml")
        with open(config, "w", encoding="utf-8") as file:
            file.write(CONFIG.format(data=os.path.join(directory, "data")))
        acknowledged = [{} for _ in range(options.clients)]
        unanswered = [[] for _ in range(options.clients)]
        for round_number in range(options.rounds):
            server = Server(options.binary, config)
            stop = threading.Event()
            threads = [threading.Thread(target=client, args=(n, server.port, acknowledged, unanswered, stop))
                       for n in range(options.clients)]
            for thread in threads:
                thread.start()
            target = sum(map(len, acknowledged)) + random.randint(50, 600)
            give_up = time.monotonic() + 30
            while sum(map(len, acknowledged)) < target and time.monotonic() < give_up:
                time.sleep(0.001)
            server.kill()
            stop.set()
            for thread in threads:
                thread.join()
            print(f"round {round_number + 1}: {sum(map(len, acknowledged))} acknowledged, "
                  f"{sum(map(len, unanswered))} cut off", flush=True)

        server = Server(options.binary, config)
        connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)
        for number in range(options.clients):
            for key in unanswered[number]:
                acknowledged[number][key] = send(connection, key)
        everything = {key: i for part in acknowledged for key, i in part.items()}
        # Each once more: the same answers, nothing new.
        for key, interaction in everything.items():
            if send(connection, key) != interaction:
                sys.exit(f"key {key} does not lead to interaction {interaction} any more")
        if len(set(everything.values())) != len(everything):
            sys.exit("two keys share an interaction")
        connection.request("GET", "/metrics")
        metrics = connection.getresponse().read().decode()
        figure = lambda name: sum(int(line.split()[-1]) for line in metrics.splitlines() if line.startswith(name))
        if figure("switchboard_interactions ") != len(everything):
            sys.exit(f"{len(everything)} were acknowledged, {figure('switchboard_interactions ')} are there")
        scheduled = sum(1 for key in everything if is_callback(key) and "at" in request_of(key)[1])
        if figure("switchboard_queue_waiting") != len(everything) - scheduled:
            sys.exit(f"{len(everything)} were acknowledged, {scheduled} for later; "
                     f"{figure('switchboard_queue_waiting')} are waiting")
        callbacks = sum(map(is_callback, everything))
        connection.request("GET", "/api/callbacks", headers=HEADERS)
        listed = json.loads(connection.getresponse().read())["total"]
        if listed != callbacks:
            sys.exit(f"{callbacks} callbacks were acknowledged, {listed} are to be made")
        server.kill()
        subprocess.run([options.binary, "verify", "--config", config], check=True)
        if len(everything) < 100:
            sys.exit("too little happened for this test to mean anything")
        if callbacks < 30 or scheduled < 10:
            sys.exit("too few callbacks for this test to mean anything")
        print(f"{len(everything)} interactions, {callbacks} of them callbacks: none lost, none doubled, none half asked for")


main()
