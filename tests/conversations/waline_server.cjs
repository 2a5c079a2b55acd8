// Waline's own server on a free port of loopback, its comments and users kept in memory.
// Waline lets a program bring its own store: `model` (https://waline.js.org, "Customize database").
// Prints the port, and ends with its standard input.
"use strict";

const http = require("node:http");
const { Module } = require("node:module");
const path = require("node:path");

const load = Module._load; // one of the databases that it could have needs a compiler
Module._load = (name, ...rest) => (name === "sqlite3" ? {} : load(name, ...rest));
Object.assign(process.env, {
  PG_DB: "none", // it wants a database named, and asks ours instead
  IPQPS: "0", // several comments a minute from one address
  JWT_TOKEN: "the tests' own",
  DISABLE_REGION: "true",
});

const tables = {};
let last = 0;

function meets(row, where = {}) {
  const { _complex, ...plain } = where;
  if (_complex) {
    const { _logic, ...parts } = _complex;
    const found = Object.entries(parts).map(([name, wanted]) => meets(row, { [name]: wanted }));
    if (!(_logic === "or" ? found.some(Boolean) : found.every(Boolean))) return false;
  }
  return Object.entries(plain).every(([name, wanted]) => {
    const value = row[name] ?? null;
    if (!Array.isArray(wanted)) return String(value) === String(wanted ?? null);
    const [how, what] = wanted;
    if (how === "IN") return what.map(String).includes(String(value));
    if (how === "NOT IN") return !what.map(String).includes(String(value));
    if (how === "!=") return String(value) !== String(what);
    if (how === ">") return value > what;
    throw new Error("no such comparison: " + how);
  });
}

class Store {
  constructor(name) {
    this.rows = tables[name] ??= [];
  }

  async select(where, { desc, limit, offset } = {}) {
    let found = this.rows.filter((row) => meets(row, where)).map((row) => ({ ...row }));
    if (desc) found.sort((one, other) => (one[desc] < other[desc] ? 1 : -1));
    return found.slice(offset ?? 0, limit ? (offset ?? 0) + limit : undefined);
  }

  async count(where) {
    return (await this.select(where)).length;
  }

  async add(data) {
    const row = { ...data, objectId: String(++last), createdAt: new Date(), updatedAt: new Date() };
    this.rows.push(row);
    return { ...row };
  }

  async update(data, where) {
    const found = this.rows.filter((row) => meets(row, where));
    found.forEach((row) => Object.assign(row, typeof data === "function" ? data(row) : data));
    return found.map((row) => ({ ...row }));
  }

  async delete(where) {
    this.rows.splice(0, this.rows.length, ...this.rows.filter((row) => !meets(row, where)));
  }
}

let answer;
const server = http.createServer((request, response) => {
  if (request.url.startsWith("/nobody-signs-in-elsewhere")) response.end('{"services": []}');
  else answer(request, response);
});
server.listen(0, "127.0.0.1", () => {
  const port = server.address().port;
  process.env.OAUTH_URL = `http://127.0.0.1:${port}/nobody-signs-in-elsewhere`;
  const waline = require(path.join(process.argv[2], "@waline", "vercel"));
  answer = waline({ env: "vercel", model: (name) => new Store(name) });
  console.log("PORT " + port);
});
process.stdin.resume();
process.stdin.on("end", () => process.exit(0));
