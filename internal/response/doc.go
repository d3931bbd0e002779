// Package response is THEN: what happens after a warning is published, until
// everybody is accounted for and somebody else has checked.
//
// Everything here is a pure function: which states may follow each other, whom a
// silence climbs to and when, what counts as an answer, what a report must be
// proved with, what a text may say. The time is an argument; what is written and
// sent is done by the packages that ask.
package response
