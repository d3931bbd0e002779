// Package demo invents a province: authorities, companies, projects along
// plausible road lines, sites, people with posts, beds and shifts, devices and
// two days of passes. The bench uses the same generator.
//
// Everything follows from the seed and the instant it is told: no database, no
// clock, no files. Names are invented and say so (示例); nobody has an ID
// number; phones are in a segment that is not given to people.
package demo
