package roster

import "time"

// CompanyRow is a company; Parent is the name or code of its parent company.
type CompanyRow struct {
	Line     int
	External string
	Company  Company
	Parent   string
}

// ProjectRow is a project; Owner is the name or code of the owner.
type ProjectRow struct {
	Line     int
	External string
	Project  Project
	Owner    string
}

// SectionRef names a section: its project by code or name ("" when the
// section's code says enough) and its own code.
type SectionRef struct{ Project, Section string }

// SectionRow is a section; Company is a name or code, SupervisedBy the code of
// a supervision section of the same project.
type SectionRow struct {
	Line         int
	External     string
	Section      Section
	Project      string
	Company      string
	SupervisedBy string
}

// SiteRow is a site. Site.Region is "" when the file does not say it.
type SiteRow struct {
	Line     int
	External string
	Site     Site
	Ref      SectionRef
}

// PersonRow is a person.
type PersonRow struct {
	Line     int
	External string
	Person   Person
}

// PersonRef names a person by ID number, else by phone and name.
type PersonRef struct{ Name, Phone, IDNumber string }

// UnitRef names the finest unit that a row gives.
type UnitRef struct {
	Kind    UnitKind
	Name    string // authority or company: name or code
	Section SectionRef
	Site    string // code or name
}

// PostRow is a post.
type PostRow struct {
	Line    int
	Post    Post
	Person  PersonRef
	Instead PersonRef // whose post it was until now; nobody: an empty name
	Unit    UnitRef
}

// BedRow is a bed.
type BedRow struct {
	Line    int
	Bed     Bed
	Person  PersonRef
	Section SectionRef
	Site    string
}

// DutyRow is a line of the duty roster.
type DutyRow struct {
	Line   int
	Duty   DutyLine
	Person PersonRef
	Unit   UnitRef
	Day    time.Time // the civil day in Shanghai on which it begins
}

// TeamRow is somebody in a team (班组) of a section.
type TeamRow struct {
	Line        int
	Section     SectionRef
	Team        string
	Company     string // as written; not resolved
	Person      PersonRef
	Work        string // 工种
	Leader      bool
	From, Until time.Time
}

// ShiftRow is a shift.
type ShiftRow struct {
	Line        int
	Person      PersonRef
	Section     SectionRef
	Site        string
	From, Until time.Time
}

// LeaveRow is a leave; without a site it is from everywhere. Until is the first
// instant after it.
type LeaveRow struct {
	Line        int
	Person      PersonRef
	Section     SectionRef
	Site        string
	Words       string
	From, Until time.Time
}

// CertificateRow is a certificate. Until is the first instant at which it is not
// valid any more; zero: it does not expire.
type CertificateRow struct {
	Line        int
	Person      PersonRef
	Kind        string
	Number      string // in the clear; sealed at once
	Issuer      string
	From, Until time.Time
	Bare        bool // nothing is said of who issued it and how long it holds: a form
}
