// Package bench measures Muster against its peers in the same run, on the same
// machine and data, and checks that all give the same answers. A figure that
// misses its goal is reported; an answer that differs is an error.
package bench
