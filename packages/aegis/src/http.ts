/**
 * `node:http` and `node:https`.
 *
 * An import statement copies every export of a built-in module; to copy `WebSocket`, Node loads an HTTP client of
 * its own, which nobody here uses: 5 MB and 40 ms.
 */
export const http = process.getBuiltinModule('node:http');
export const https = process.getBuiltinModule('node:https');
