// Package gate is the door by which turnstiles, face terminals and labour systems
// come in: one file per protocol over one canonical pass ([Seen]).
//
// Every protocol goes the same way (visit.go): who is it ([Registry.Device]) →
// is the request whole and not too large → is its signature right, over the bytes
// as they came → faces and templates are dropped ([Strip]) → what is left is kept
// ([Store.Keep]) → only now is it read → each record is judged by its time and
// handed on ([Store.Passes]) → the device is answered in its own words, after the
// commit. A record that cannot be read does not spoil its neighbours: it goes to
// quarantine and is acknowledged, or the device would send the batch for ever.
//
// The package decides nothing about people: a [Person] is what the device said,
// and who that is, is known behind the [Door]. It keeps nothing but rate limits.
// Facts about the protocols: devices.md §0–2; for vendors: docs/gates.md.
package gate
