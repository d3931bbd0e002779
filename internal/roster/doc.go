// Package roster knows WHO: authorities, companies, projects, sections, sites,
// people, what ties people to them (posts, beds, shifts, the duty roster), and
// where people are taken to be (passes fold into presence).
//
// Everything here is pure: no database, no clock. Positions are WGS 84; the
// datum they were received in is kept beside them. [ParseImport] reads the
// tables that units hand in and reports every bad cell with its line, column,
// value and mend; references to other nouns stay natural keys that the database
// step resolves.
//
// Vocabulary: operations.md §6. Forms and their aliases: operations.md §9.
package roster
