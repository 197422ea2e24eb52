// Express, which validates nothing by itself: the item is checked by hand. `node express.js WORKLOAD PORT`
const express = require("express");
const app = express();
const [workload, port] = process.argv.slice(2);
app.disable("x-powered-by");
app.disable("etag");

const whole = (text, response) => {
  if (/^-?\d+$/.test(text)) return Number(text);
  response.status(422).end();
};
const valid = (item) =>
  typeof item.name === "string" && typeof item.price === "number" && Number.isInteger(item.count) &&
  Array.isArray(item.tags) && item.tags.every((tag) => typeof tag === "string");

if (workload === "hello") {
  app.get("/", (request, response) => response.json({ message: "Hello, World!" }));
} else if (workload === "typed") {
  app.get("/users/:id", (request, response) => response.json({ id: whole(request.params.id, response) }));
} else if (workload === "items") {
  app.post("/items", express.json(), (request, response) =>
    valid(request.body) ? response.json(request.body) : response.status(422).end());
} else {
  for (let i = 0; i < Number(workload); i += 2) {
    app.get(`/v1/static${i}/items`, (request, response) => response.json({ route: i }));
    app.get(`/v1/typed${i}/:id`, (request, response) =>
      response.json({ route: i, id: whole(request.params.id, response) }));
  }
}
app.listen(Number(port), "127.0.0.1", 4096);
