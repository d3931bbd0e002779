package httpapi_test

import (
	"net/http"
	"strings"
	"testing"

	"muster/internal/postgres/pgtest/valley"
)

type companyBody struct {
	ID, Name, Kind string
	USCC           *string
	Parent         *struct{ ID, Name string }
	Version        int
}

func TestACompanyIsRegisteredAndChanged(t *testing.T) {
	w := newWorld(t)
	leader := w.as("province-leader")
	body := object{"name": " 示例隧道公司 ", "kind": "contractor", "uscc": "91350100m000100y43", "parent_id": valley.ID("group")}
	made := read[companyBody](leader.post("/companies", body))
	if made.Name != "示例隧道公司" || *made.USCC != "91350100M000100Y43" || made.Parent == nil || made.Parent.Name != "示例集团" {
		t.Fatalf("%+v", made)
	}
	path := "/companies/" + made.ID
	changed := read[companyBody](leader.send("PUT", path, object{"name": "示例隧道集团", "kind": "parent", "version": made.Version}))
	if changed.Version != made.Version+1 || changed.USCC != nil || changed.Parent != nil {
		t.Errorf("%+v", changed)
	}
	leader.send("PUT", path, object{"name": "另一个", "kind": "parent", "version": made.Version}).refused(http.StatusConflict, "version")
	leader.post("/companies", object{"name": "示例隧道集团", "kind": "owner"}).refused(http.StatusConflict, "taken")
}

func TestCompaniesThatCannotBe(t *testing.T) {
	w := newWorld(t)
	leader := w.as("province-leader")
	for name, bad := range map[string]object{
		"no name":         {"name": " ", "kind": "owner"},
		"a wrong code":    {"name": "示例", "kind": "owner", "uscc": "91350100M000100Y44"},
		"nobody above it": {"name": "示例", "kind": "owner", "parent_id": valley.ID("nobody")},
	} {
		t.Run(name, func(t *testing.T) {
			leader.post("/companies", bad).refused(http.StatusUnprocessableEntity, "registry_invalid")
		})
	}
	// The group stands above the builder: it cannot be put under it.
	loop := object{"name": "示例集团", "kind": "parent", "parent_id": valley.ID("builder1"), "version": 1}
	leader.send("PUT", "/companies/"+valley.ID("group").String(), loop).refused(http.StatusUnprocessableEntity, "registry_invalid")
}

// A builder who also works elsewhere is not renamed by one of the projects.
func TestACompanyOfSeveralIsChangedByWhoeverIsOverAll(t *testing.T) {
	w := newWorld(t)
	w.sql("UPDATE section SET company_id = $1", valley.ID("builder1"))
	path, body := "/companies/"+valley.ID("builder1").String(), object{"name": "示例施工甲", "kind": "contractor", "version": 1}
	w.as("yaan-leader").send("PUT", path, body).refused(http.StatusForbidden, "company_elsewhere")
	w.as("province-leader").send("PUT", path, body).must(http.StatusOK)
}

// Who answers for a site, with their numbers for those who may see them.
func TestThePostsOfAUnit(t *testing.T) {
	w := newWorld(t)
	type posts struct {
		Items []struct {
			PersonID  string `json:"person_id"`
			RoleLabel string `json:"role_label"`
			Name      *string
			Until     *string
		}
	}
	path := "/posts?unit_kind=site&unit_id=" + valley.ID(valley.Home).String()
	list := read[posts](w.as("section").get(path))
	if len(list.Items) == 0 || list.Items[0].Name == nil || list.Items[0].RoleLabel == "" {
		t.Fatalf("%+v", list)
	}
	for _, p := range list.Items {
		if p.RoleLabel == "工人" {
			t.Error("a worker answers for the site")
		}
	}
	if n := ask[int](w, "SELECT count(*) FROM audit WHERE act = 'see_people'"); n != 1 {
		t.Errorf("the look is written down %d times", n)
	}
	if masked := read[posts](w.as("province").get(path)); masked.Items[0].Name == nil || !strings.Contains(*masked.Items[0].Name, "*") {
		t.Errorf("%+v", masked)
	}
	if far := read[posts](w.as("section").get("/posts?unit_kind=site&unit_id=" + valley.ID(valley.Bridge).String())); len(far.Items) != 0 {
		t.Errorf("outside: %+v", far)
	}
}

func TestTheFeedsToSignFor(t *testing.T) {
	w := newWorld(t)
	list := read[struct {
		Items []struct{ Name, Title string }
	}](w.as("province-leader").get("/feeds"))
	if len(list.Items) == 0 || list.Items[0].Name == "" || list.Items[0].Title == "" {
		t.Errorf("%+v", list)
	}
}
