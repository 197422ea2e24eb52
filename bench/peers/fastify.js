// Fastify with a schema for what it reads and writes, as its own pages advise. `node fastify.js WORKLOAD PORT`
const fastify = require("fastify")();
const [workload, port] = process.argv.slice(2);

const int = { type: "integer" };
const object = (properties, required = []) => ({ type: "object", properties, required });
const answers = (schema) => ({ response: { 200: schema } });
const item = object(
  { name: { type: "string" }, price: { type: "number" }, tags: { type: "array", items: { type: "string" } }, count: int },
  ["name", "price", "tags"],
);

if (workload === "hello") {
  const schema = answers(object({ message: { type: "string" } }));
  fastify.get("/", { schema }, async () => ({ message: "Hello, World!" }));
} else if (workload === "typed") {
  const schema = { params: object({ id: int }), ...answers(object({ id: int })) };
  fastify.get("/users/:id", { schema }, async (request) => ({ id: request.params.id }));
} else if (workload === "items") {
  fastify.post("/items", { schema: { body: item, ...answers(item) } }, async (request) => request.body);
} else {
  for (let i = 0; i < Number(workload); i += 2) {
    const fixed = answers(object({ route: int }));
    fastify.get(`/v1/static${i}/items`, { schema: fixed }, async () => ({ route: i }));
    const typed = { params: object({ id: int }), ...answers(object({ route: int, id: int })) };
    fastify.get(`/v1/typed${i}/:id`, { schema: typed }, async (request) => ({ route: i, id: request.params.id }));
  }
}
fastify.listen({ host: "127.0.0.1", port: Number(port), backlog: 4096 });
