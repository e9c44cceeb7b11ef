"""A peer of the query interface: the same work with OpenCV, OpenVINO and FAISS behind Starlette and uvicorn.

    python3 -m venv DIR; DIR/bin/pip install torch torchvision openvino faiss-cpu "opencv-python-headless<5" numpy starlette uvicorn
    DIR/bin/python query_server.py serve --gallery 6400                 # http://127.0.0.1:8900/query
    python3 query_server.py measure http://127.0.0.1:8900/query --images data/portraits
    python3 query_server.py measure 'http://127.0.0.1:PORT/api/query?model=ID&k=9' --images data/portraits

From a photograph's bytes to JSON with its nine nearest faces: decoding, the stock cascade, the crop with its margins,
MobileNet-V2 with an embedding head of 128 numbers, exact search. Weights are random and vectors made up on both sides,
which costs as much. `measure` needs the standard library alone, and asks both servers in the same way.
"""
import argparse
import glob
import http.client
import json
import os
import threading
import time
import urllib.parse


def serve(options):
    import cv2
    import faiss
    import numpy
    import openvino
    import torch
    import torchvision
    import uvicorn
    from starlette.applications import Starlette
    from starlette.concurrency import run_in_threadpool
    from starlette.responses import JSONResponse
    from starlette.routing import Route

    torch.manual_seed(0)
    network = torchvision.models.mobilenet_v2()
    network.classifier = torch.nn.Linear(1280, 128)
    example = torch.randn(1, 3, options.size, options.size)
    model = openvino.convert_model(network.eval(), example_input=example, input=[example.shape])
    hints = {"PERFORMANCE_HINT": options.hint}
    if options.precision:
        hints["INFERENCE_PRECISION_HINT"] = options.precision
    compiled = openvino.Core().compile_model(model, "CPU", hints)
    own = threading.local()  # a request and a cascade for each thread: neither may be shared
    mean, deviation = numpy.array([.485, .456, .406], "f4"), numpy.array([.229, .224, .225], "f4")
    random = numpy.random.default_rng(1)
    index = faiss.IndexFlatL2(128)
    index.add(random.normal(size=(options.gallery, 128)).astype("f4"))
    names = [f"{number // 3:05d}/{number:06d}.jpg" for number in range(options.gallery)]

    def answer(body):
        times, start = {}, time.perf_counter()

        def done(stage):
            nonlocal start
            now = time.perf_counter()
            times[stage], start = now - start, now
        if not hasattr(own, "request"):
            own.request, own.cascade = compiled.create_infer_request(), cv2.CascadeClassifier(options.cascade)
        image = cv2.imdecode(numpy.frombuffer(body, "u1"), cv2.IMREAD_COLOR)
        if image is None:
            return {"detail": "this is no photograph"}, 415
        done("decode")
        boxes = own.cascade.detectMultiScale(cv2.cvtColor(image, cv2.COLOR_BGR2GRAY), 1.12, 9)
        done("find")
        if len(boxes) == 0:
            return {"outcome": "none", "stages": times}, 200
        x, y, width, height = (int(number) for number in boxes[0])
        face = image[max(0, y - 30):y + height + 10, max(0, x - 10):x + width + 10]
        face = cv2.cvtColor(cv2.resize(face, (options.size, options.size)), cv2.COLOR_BGR2RGB)
        pixels = ((face.astype("f4") / 255 - mean) / deviation).transpose(2, 0, 1)[None]
        done("crop")
        vector = own.request.infer([numpy.ascontiguousarray(pixels)])[0]
        done("embed")
        squares, found = index.search(vector, 9)
        done("search")
        neighbours = [{"rank": rank + 1, "path": names[number], "distance": float(square) ** .5}
                      for rank, (number, square) in enumerate(zip(found[0], squares[0]))]
        return {"outcome": "found", "box": [x, y, width, height], "stages": times, "neighbours": neighbours}, 200

    async def query(request):
        content, status = await run_in_threadpool(answer, await request.body())
        return JSONResponse(content, status)

    uvicorn.run(Starlette(routes=[Route("/query", query, methods=["POST"])]), host="127.0.0.1", port=options.port,
                log_level="warning")


class Asker:
    def __init__(self, address):
        parts = urllib.parse.urlsplit(address)
        self.connection = http.client.HTTPConnection(parts.hostname, parts.port)
        self.target = urllib.parse.urlunsplit(("", "", parts.path or "/", parts.query, ""))

    def seconds(self, photograph):
        """Of one answer, and what was found."""
        start = time.perf_counter()
        self.connection.request("POST", self.target, photograph, {"Content-Type": "image/jpeg"})
        response = self.connection.getresponse()
        content = response.read()
        taken = time.perf_counter() - start
        if response.status != 200:
            raise SystemExit(f"answered with {response.status}: {content[:300].decode(errors='replace')}")
        return taken, json.loads(content)["outcome"]


def tell(address, what, answers):
    seconds = sorted(taken for taken, _ in answers)
    at = lambda part: round(1000 * seconds[min(len(seconds) - 1, int(part * len(seconds)))], 2)
    print(json.dumps({"address": address, "query": what, "photographs": len(seconds), "p50_ms": at(.5), "p95_ms": at(.95),
                      "slowest_ms": at(1), "found": sum(outcome == "found" for _, outcome in answers)}), flush=True)


def measure(options):
    files = sorted(glob.glob(os.path.join(options.images, "**", "*.jpg"), recursive=True))
    if not files:
        raise SystemExit(f"{options.images} holds no photographs")
    photographs = [open(files[number * len(files) // options.queries], "rb").read() for number in range(options.queries)]
    asker = Asker(options.address)
    for photograph in photographs[:10]:
        asker.seconds(photograph)
    tell(options.address, "one at a time", [asker.seconds(photograph) for photograph in photographs])
    answers = []

    def person(number):
        own = Asker(options.address)
        answers.extend([own.seconds(photograph) for photograph in photographs[number::options.people]])
    people = [threading.Thread(target=person, args=(number,)) for number in range(options.people)]
    for one in people:
        one.start()
    for one in people:
        one.join()
    tell(options.address, f"{options.people} at once", answers)


parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
commands = parser.add_subparsers(dest="command", required=True)
server = commands.add_parser("serve")
server.add_argument("--gallery", type=int, default=6400)
server.add_argument("--size", type=int, default=218, help="side of the square that a face is resized to")
server.add_argument("--precision", default="", help="f32 or bf16; OpenVINO's own choice without")
server.add_argument("--hint", default="LATENCY", choices=["LATENCY", "THROUGHPUT"])
server.add_argument("--cascade", default="/usr/share/opencv4/haarcascades/haarcascade_frontalface_default.xml")
server.add_argument("--port", type=int, default=8900)
client = commands.add_parser("measure")
client.add_argument("address")
client.add_argument("--images", required=True)
client.add_argument("--queries", type=int, default=200)
client.add_argument("--people", type=int, default=8)
options = parser.parse_args()
{"serve": serve, "measure": measure}[options.command](options)
