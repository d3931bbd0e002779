package response

import "slices"

// Registered is a text as a carrier has to approve it, under the id by which
// notices name it.
type Registered struct {
	ID   string
	Text string // with its values as ${name}
}

// SignInText is the SMS that carries a sign-in code. It belongs to no warning, so no
// rule book changes it.
var SignInText = Registered{ID: "L1", Text: "登录验证码${code}，5分钟内有效。值班室不会向您索要验证码。"}

// Register lists every text of a channel in all its forms: as it is, as 自动转发
// (A), as 行业提示 (I), and each of these in a drill (D). All of them are filed
// before the season, because no new wording can be approved at night.
func (r *Rules) Register(c Channel) []Registered {
	var list []Registered
	if c == SMS {
		list = append(list, SignInText)
	}
	for _, t := range r.Texts.Templates {
		if !slices.Contains(t.Channels, c) {
			continue
		}
		for _, source := range t.sources(c) {
			for _, exercise := range []bool{false, true} {
				if t.Exercise && !exercise {
					continue
				}
				id, text := r.Texts.dressed(t, c, Facts{Source: source, Exercise: exercise})
				if !slices.ContainsFunc(list, func(have Registered) bool { return have.ID == id }) {
					list = append(list, Registered{id, text})
				}
			}
		}
	}
	return list
}

// sources are those for which the template has a form of its own.
func (t Template) sources(c Channel) []string {
	if !t.Sourced || c != SMS {
		return []string{SourceRelay}
	}
	return []string{SourceRelay, SourceAuto, SourceInstruction}
}
