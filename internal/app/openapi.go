package app

import "muster/internal/httpapi"

type openapiCommand struct{}

// Run prints the document of the API; it needs no database.
func (c *openapiCommand) Run(sh shell) error {
	doc, err := httpapi.Describe()
	if err != nil {
		return err
	}
	_, err = sh.stdout.Write(doc)
	return err
}
