// Package simulate is the device's side of the protocols that package gate
// serves, written from the documents (devices.md §1–2) and on purpose without a
// line of package gate: where both agree, they agree with the documents.
//
// A [Device] collects passes and sends them as its model does: with a handshake,
// one by one or in batches, again and again until it is acknowledged as its
// protocol wants it. Its [Line] can drop requests, lose answers and break off half
// way. `muster gate simulate` drives it by hand, tests drive it over real sockets.
package simulate
