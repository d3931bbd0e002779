package roster

import (
	"fmt"
	"strings"
)

// term is one word of a fixed vocabulary: the code that is stored, the label
// that people see, and what else people write for it.
type term[T ~string] struct {
	code    T
	label   string
	aliases []string
}

// vocabulary is a closed list of words.
type vocabulary[T ~string] struct {
	name  string // what the words are, for error texts: 类型
	terms []term[T]
}

func (v vocabulary[T]) label(code T) string {
	for _, t := range v.terms {
		if t.code == code {
			return t.label
		}
	}
	return string(code)
}

func (v vocabulary[T]) has(code T) bool {
	for _, t := range v.terms {
		if t.code == code {
			return true
		}
	}
	return false
}

func (v vocabulary[T]) codes() []T {
	all := make([]T, len(v.terms))
	for i, t := range v.terms {
		all[i] = t.code
	}
	return all
}

// parse finds a word by code, label or alias; errs.Fix names the labels.
func (v vocabulary[T]) parse(text string) (T, error) {
	key := wordKey(text)
	for _, t := range v.terms {
		if key == wordKey(string(t.code)) || key == wordKey(t.label) {
			return t.code, nil
		}
		for _, a := range t.aliases {
			if key == wordKey(a) {
				return t.code, nil
			}
		}
	}
	labels := make([]string, len(v.terms))
	for i, t := range v.terms {
		labels[i] = t.label
	}
	return "", fix("word_unknown", fmt.Sprintf("不认识的%s", v.name), "可填："+strings.Join(labels, "、"))
}

func words[T ~string](name string, terms ...term[T]) vocabulary[T] {
	return vocabulary[T]{name: name, terms: terms}
}

func word[T ~string](code T, label string, aliases ...string) term[T] {
	return term[T]{code: code, label: label, aliases: aliases}
}
