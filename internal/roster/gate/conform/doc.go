// Package conform asks a server, protocol by protocol, what a device would ask it,
// and says in words what a correct one must answer and this one did not. It is the
// kit behind `muster gate conformance URL`: for whoever builds a platform that
// gates shall report to, and for us, against our own server.
//
// The records that it sends are of people who do not exist ([Nobody]): a server
// keeps them aside, and has to acknowledge them all the same.
package conform
