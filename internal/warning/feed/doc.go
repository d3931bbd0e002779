// Package feed understands the documents of warning sources: one file per
// source format, one way in (Parse), and one rule: tolerate and flag, reject
// only what is unsafe or unreadable, drop nothing silently.
//
// A pasted or forwarded text is read as a bulletin (公文文字): what it says for
// certain, what it leaves open, and by place what was not read.
//
// The formats: CAP 1.2 (OASIS, 1 July 2010) with its versions 1.1 and 1.0, and
// the national early-warning release system 12379
// (国家突发事件预警信息发布系统, GB/T 35965.1-2018).
package feed
