// PostGraphile over the tables of tables.sql, reading only: PORT, DATABASE_URL.
import { createServer } from "node:http";
import { postgraphile } from "postgraphile";
import { makePgService } from "postgraphile/adaptors/pg";
import { grafserv } from "postgraphile/grafserv/node";
import { PostGraphileAmberPreset } from "postgraphile/presets/amber";
import { PostGraphileConnectionFilterPreset } from "postgraphile-plugin-connection-filter";

const { PORT, DATABASE_URL } = process.env;
const preset = {
  extends: [PostGraphileAmberPreset, PostGraphileConnectionFilterPreset],
  pgServices: [makePgService({ connectionString: DATABASE_URL, schemas: ["public"] })],
  grafserv: { host: "127.0.0.1", port: Number(PORT), graphiql: false, watch: false },
  grafast: { explain: false },
  schema: { connectionFilterRelations: true },
  disablePlugins: ["MutationPlugin", "NodePlugin"],
};
const server = createServer();
await postgraphile(preset).createServ(grafserv).addTo(server);
server.listen(Number(PORT), "127.0.0.1");
