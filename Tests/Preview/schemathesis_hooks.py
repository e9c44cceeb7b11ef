"""What the description cannot say: ids, attributes and photographs of the report that is served.

They stand in for made-up ones, in a run of sound requests alone.
"""
import json
import os
import random
import urllib.request

import schemathesis

address = os.environ["LIKENESS_ADDRESS"]
with open(os.environ["LIKENESS_PHOTOGRAPH"], "rb") as file:
    photograph = file.read()


def get(path):
    with urllib.request.urlopen(address + path) as answer:
        return json.load(answer)


evaluations = [one for one in get("api/evaluations")["evaluations"] if one["isReady"]]
attributes = evaluations[0]["attributes"]
token = get("api/session")["token"]
dice = random.Random(1)


def sound(values):
    """The parameters of a query with names that there are."""
    if not isinstance(values, dict):
        return
    values["model"] = [one["id"] for one in dice.sample(evaluations, dice.randint(1, len(evaluations)))]
    # None is ever asked for and excluded, not even in one query and the next.
    for name, some in (("with", attributes[::2]), ("without", attributes[1::2])):
        if name in values:
            values[name] = dice.sample(some, dice.randint(0, 2))
    if "box" in values:
        values.pop("face", None)
        values["box"] = ",".join(str(dice.randint(1, 200)) for _ in range(4))


@schemathesis.hook
def before_call(context, case, kwargs):
    case.headers["Origin"] = address.rstrip("/")
    if case.method == "DELETE":
        case.headers["X-Likeness-Token"] = token
    if case.path == "/api/query":
        if isinstance(case.body, dict):
            sound(case.body)
            case.body["image"] = photograph
            case.query = {}
        else:
            case.body = photograph
            case.query = case.query or {}
            sound(case.query)
    elif case.path == "/api/answers/{id}" and case.method == "GET" and case.query:
        sound(case.query)
    elif case.path == "/api/evaluations/{id}/faces/{face}":
        case.path_parameters["id"] = dice.choice(evaluations)["id"]
