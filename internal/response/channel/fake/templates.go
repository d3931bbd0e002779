package fake

import (
	"maps"
	"slices"
	"strconv"
	"strings"
)

// The fake carrier knows the templates of its customers by their settings: the
// carrier's code stands at template.<our name>, the words, where the demonstration
// gives them, at words.<our name>.

func (a *customer) hasTemplate(code string) bool    { return a.templateName(code) != "" }
func (a *customer) templateName(code string) string { return a.nameOf("template.", code) }
func (a *customer) isClip(code string) bool         { return a.clipName(code) != "" }
func (a *customer) clipName(code string) string     { return a.nameOf("clip.", code) }

// nameOf finds our name of a carrier's code.
func (a *customer) nameOf(prefix, code string) string {
	if code == "" {
		return ""
	}
	a.names.Do(func() {
		a.byCode = map[string]string{}
		for name, value := range a.Settings {
			for _, p := range []string{"template.", "clip."} {
				if short, ok := strings.CutPrefix(name, p); ok {
					a.byCode[p+value] = short
				}
			}
		}
	})
	return a.byCode[prefix+code]
}

// words fills a template's words with named values; without words the values are
// shown as they are.
func (a *customer) words(code string, vars map[string]string) string {
	name := a.templateName(code)
	text := a.Settings["words."+name]
	if text == "" {
		return bare(name, slices.Sorted(maps.Keys(vars)), func(k string) string { return k + "=" + vars[k] })
	}
	for k, v := range vars {
		text = strings.ReplaceAll(text, "${"+k+"}", v)
	}
	return text
}

// inOrder fills a template's words with values by position: the n-th variable that
// the words name, or {n}.
func (a *customer) inOrder(code string, values []string) string {
	name := a.templateName(code)
	text := a.Settings["words."+name]
	if text == "" {
		return bare(name, values, func(v string) string { return v })
	}
	for i, v := range values {
		text = strings.ReplaceAll(text, "{"+strconv.Itoa(i+1)+"}", v)
		if from := strings.Index(text, "${"); from >= 0 {
			if to := strings.IndexByte(text[from:], '}'); to > 0 {
				text = strings.ReplaceAll(text, text[from:from+to+1], v)
			}
		}
	}
	return text
}

func bare(name string, list []string, show func(string) string) string {
	parts := make([]string, len(list))
	for i, one := range list {
		parts[i] = show(one)
	}
	return "［" + name + "］" + strings.Join(parts, "，")
}
