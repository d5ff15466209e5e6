// The health check of the container: ends with 0 while the server takes connections.
const response = await fetch("http://127.0.0.1:8080/readyz").catch(() => undefined);
await response?.body?.cancel();
Deno.exit(response?.status === 200 ? 0 : 1);
