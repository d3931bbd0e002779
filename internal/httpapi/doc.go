// Package httpapi is the HTTP face of Muster: sessions, problems (RFC 9457),
// /api/v1 with its OpenAPI document, server-sent events, health. It decodes,
// asks who may, calls, encodes; it decides nothing.
package httpapi
