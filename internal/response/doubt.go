package response

// DoubtLimits are the figures of the doubt rules (operations.md §3).
type DoubtLimits struct {
	Fastest int `json:"fastest"` // minutes: a report sooner than this,
	Percent int `json:"percent"` // or than so much of the median drill, is too fast
	People  int `json:"people"`  // a count may differ by so many people
	Share   int `json:"share"`   // and by so many per cent
	Refused int `json:"refused"` // days a refusal is remembered
}
