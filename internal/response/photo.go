package response

import (
	"slices"
	"time"
)

// PhotoFacts is what is known of a picture that is to prove a report (E4,
// operations.md §3): taken after publishing, near the site, not seen before.
type PhotoFacts struct {
	TakenAt  time.Time // by the phone, corrected by the server's clock
	Opened   time.Time // when the site was first asked
	Distance *int      // metres between phone and site; nil: the phone did not say where it was
	Accuracy int       // metres by which the phone may be wrong
	Seen     bool      // the same picture came before
}

// PhotoFault is what speaks against a picture.
type PhotoFault string

// The faults.
const (
	TakenBefore    PhotoFault = "taken_before"
	TakenElsewhere PhotoFault = "taken_elsewhere"
	SeenBefore     PhotoFault = "seen_before"
)

var photoFaultLabels = map[PhotoFault]string{
	TakenBefore: "叫应之前拍的", TakenElsewhere: "不是在点位附近拍的", SeenBefore: "以前交过的照片",
}

// PhotoFaults lists the faults in reading order.
func PhotoFaults() []PhotoFault { return []PhotoFault{TakenBefore, TakenElsewhere, SeenBefore} }

// Label is the Chinese word of the fault.
func (f PhotoFault) Label() string { return photoFaultLabels[f] }

// PhotoFaults gives what speaks against a picture, none if nothing does. The place is
// held against nobody whose phone does not say it, nor within what the phone says it
// may be wrong by; a limit of 0 asks for no place.
func (r *Rules) PhotoFaults(in PhotoFacts) []PhotoFault {
	found := map[PhotoFault]bool{
		TakenBefore:    in.TakenAt.Before(in.Opened),
		TakenElsewhere: r.Doubt.Photo > 0 && in.Distance != nil && *in.Distance-in.Accuracy > r.Doubt.Photo,
		SeenBefore:     in.Seen,
	}
	return slices.DeleteFunc(PhotoFaults(), func(f PhotoFault) bool { return !found[f] })
}
