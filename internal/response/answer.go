package response

// Codes are the rules of the six digits that are sent by SMS and sent back.
type Codes struct {
	AfterEnd int `json:"after_end"` // minutes a code lives after the lift
	Tries    int `json:"tries"`     // wrong tries that lock it
}
