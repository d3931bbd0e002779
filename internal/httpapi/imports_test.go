package httpapi_test

import (
	"bytes"
	"net/http"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/xuri/excelize/v2"

	"muster/internal/postgres"
	"muster/internal/postgres/pgtest/valley"
	"muster/internal/roster"
)

// A template that is filled in and sent back as it is: certificates of two people,
// one of whom nobody knows.
func TestATemplateIsFilledInAndSentBack(t *testing.T) {
	w := newWorld(t)
	section := w.as("section")
	for _, kind := range roster.Kinds() {
		if sent := section.get("/imports/" + string(kind) + "/template.xlsx").must(http.StatusOK); !bytes.HasPrefix(sent.Body, []byte("PK")) {
			t.Errorf("the template of %s is no workbook", kind)
		}
	}
	section.get("/imports/cranes/template.xlsx").must(http.StatusUnprocessableEntity)

	book, err := excelize.OpenReader(bytes.NewReader(section.get("/imports/certificates/template.xlsx").must(http.StatusOK).Body))
	if err != nil {
		t.Fatal(err)
	}
	defer book.Close()
	sheet := book.GetSheetList()[0]
	columns := map[string]string{}
	for i, h := range roster.Headings(roster.Certificates) {
		cell, _ := excelize.CoordinatesToCellName(i+1, 1)
		columns[h.Name] = strings.TrimSuffix(cell, "1")
	}
	for i, row := range []map[string]string{
		{"姓名": valley.NameOfLead, "手机号码": valley.PhoneOfLead, "证书名称": "交安B证", "证书编号": "示例00001234", "有效期至": "2026-07-20"},
		{"姓名": "无人示例", "手机号码": "19900009999", "证书名称": "职称证"},
	} {
		for name, v := range row {
			if err := book.SetCellStr(sheet, columns[name]+[]string{"2", "3"}[i], v); err != nil {
				t.Fatal(err)
			}
		}
	}
	var filled bytes.Buffer
	if err := book.Write(&filled); err != nil {
		t.Fatal(err)
	}

	r := read[postgres.ImportResult](section.post("/imports/certificates?format=xlsx", filled.Bytes()))
	if r.Rows != 2 || r.Written != 0 || len(r.Bad) != 1 || r.Bad[0].Line != 3 {
		t.Fatalf("with a stranger in it: %+v", r)
	}
	if r = read[postgres.ImportResult](section.post("/imports/certificates?partial=true", filled.Bytes())); r.Written != 1 {
		t.Fatalf("the good row: %+v", r)
	}
	list := read[struct {
		Items []struct {
			ID         uuid.UUID
			Kind       string
			NumberTail string `json:"number_tail"`
			Person     struct{ Name *string }
		}
	}](section.get("/certificates?expiring_days=30")).Items
	if len(list) != 1 || list[0].NumberTail != "1234" || list[0].Person.Name == nil {
		t.Errorf("expiring: %+v", list)
	}

	link := "/certificates/" + list[0].ID.String() + "/document"
	site := "/sites/" + valley.ID(valley.Home).String() + "/documents?file_name=a.jpg&kind="
	scan := read[struct{ ID uuid.UUID }](section.file(site+"certificate", panorama(64)))
	plan := read[struct{ ID uuid.UUID }](section.file(site+"route", panorama(64)))
	section.put(link, object{"document_id": plan.ID}).refused(http.StatusUnprocessableEntity, "not_a_certificate")
	section.put(link, object{"document_id": scan.ID}).must(http.StatusNoContent)
	if seen := section.get("/certificates?expiring_days=30"); !seen.has(scan.ID.String()) {
		t.Errorf("%s", seen.Body)
	}
	for _, secret := range []string{"示例00001234", valley.PhoneOfLead, "19900009999"} {
		if strings.Contains(w.log.String(), secret) {
			t.Errorf("the log tells %s", secret)
		}
	}
}

func TestShiftsOfASite(t *testing.T) {
	w := newWorld(t)
	path := "/sites/" + valley.ID(valley.Tunnel).String() + "/shifts"
	list := read[struct {
		Items []struct{ Person struct{ Name *string } }
	}](w.as("section").get(path)).Items
	if len(list) != 1 || list[0].Person.Name == nil {
		t.Errorf("on shift: %+v", list)
	}
	w.as("section").get(path+"?from=2026-07-01T00:00:00Z&until=2026-09-01T00:00:00Z").refused(http.StatusUnprocessableEntity, "span")
}
