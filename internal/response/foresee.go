package response

import "time"

// Foresee gives the steps that a clock will take within a time if nobody answers,
// the repetitions of its last one among them.
func (p Plan) Foresee(within time.Duration) []Step {
	var list []Step
	for _, s := range p.Steps {
		if s.After <= within {
			list = append(list, s)
		}
	}
	n := len(p.Steps)
	if n == 0 || p.Every <= 0 || p.Steps[n-1].After > within {
		return list
	}
	for i := n; ; i++ {
		s := p.step(i)
		if s.After > within {
			return list
		}
		list = append(list, s)
	}
}
