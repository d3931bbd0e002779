// Package dispatch is the moving part of the response: workers that hand notices
// to carriers, the clock that lets silence climb, the watchdog for silence of
// our own.
//
// It decides nothing that can be decided without it: which notice is next, and
// what became of one, are rows; whom a silence climbs to is a pure function.
// Every loop may die after each line and may run on several replicas at once.
package dispatch
