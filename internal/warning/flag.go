package warning

// Flag marks something that a person should know about a message. A flag never
// drops anything.
type Flag string

// Flags of the common vocabulary (operations.md §6).
const (
	FlagLevelConflict Flag = "level_conflict" // fields disagree about the level; the higher was taken
	FlagAreaCoarse    Flag = "area_coarse"
	FlagNoFineArea    Flag = "no_fine_area"
	FlagCountMismatch Flag = "count_mismatch"
	FlagUnsigned      Flag = "unsigned" // a signature is present and was not verified
)

// Flags about the document and its identity.
const (
	FlagEnumCase       Flag = "enum_case"
	FlagEnumUnknown    Flag = "enum_unknown"
	FlagFieldMissing   Flag = "field_missing"
	FlagDuplicateField Flag = "duplicate_field"
	FlagIDCharacters   Flag = "id_characters"
	FlagCommentInText  Flag = "comment_in_text"
	FlagResource       Flag = "resource_dropped"
	FlagDigestMismatch Flag = "digest_mismatch"
	FlagInner          Flag = "inner_only"
	FlagSenderMismatch Flag = "sender_mismatch"
)

// Flags about time.
const (
	FlagTimeZoneAssumed   Flag = "time_zone_assumed"
	FlagTimeUnreadable    Flag = "time_unreadable"
	FlagUTCZ              Flag = "utc_z"
	FlagSentFuture        Flag = "sent_future"
	FlagExpiresBeforeSent Flag = "expires_before_sent"
)

// Flags about references and episodes.
const (
	FlagNoReferences     Flag = "no_references"
	FlagSelfReference    Flag = "self_reference"
	FlagReferenceLater   Flag = "reference_not_earlier" // postdated or same instant: may close a cycle
	FlagReferenceCycle   Flag = "reference_cycle"
	FlagReferenceBad     Flag = "reference_unreadable"
	FlagReferenceUnknown Flag = "reference_unknown"
	FlagForeignReference Flag = "foreign_reference"
	FlagBornCancelled    Flag = "born_cancelled"
	FlagSameIDOther      Flag = "same_id_other_content"
)

// Flags about level and hazard.
const (
	FlagLevelUnknown  Flag = "level_unknown"
	FlagHazardUnknown Flag = "hazard_unknown"
)

// Flags about the area.
const (
	FlagAreaInvalid      Flag = "area_invalid"
	FlagAreaTooLarge     Flag = "area_too_large"
	FlagSelfIntersecting Flag = "self_intersecting"
	FlagRingClosed       Flag = "ring_closed"
	FlagSwappedAxes      Flag = "swapped_axes"
	FlagAxisAssumed      Flag = "axis_assumed"
	FlagLineNotArea      Flag = "line_not_area"
	FlagPointNotArea     Flag = "point_not_area"
	FlagRegionUnknown    Flag = "region_unknown"
	FlagGeocodeUnknown   Flag = "geocode_unknown"
	FlagExclusion        Flag = "area_excluded"
	FlagOutsideChina     Flag = "outside_china"
)

var flagLabels = map[Flag]string{
	FlagLevelConflict: "等级不一致",
	FlagAreaCoarse:    "区域粗略",
	FlagNoFineArea:    "仅有发布单位",
	FlagCountMismatch: "县数不符",
	FlagUnsigned:      "签名未验证",

	FlagEnumCase:       "枚举大小写不规范",
	FlagEnumUnknown:    "枚举值不规范",
	FlagFieldMissing:   "缺少必填字段",
	FlagDuplicateField: "字段重复",
	FlagIDCharacters:   "编号含非法字符",
	FlagCommentInText:  "字段中夹有注释",
	FlagResource:       "附件未保留",
	FlagDigestMismatch: "附件摘要不符",
	FlagInner:          "内部信息，不得转发",
	FlagSenderMismatch: "发布单位编码与编号不符",

	FlagTimeZoneAssumed:   "时区按北京时间推定",
	FlagTimeUnreadable:    "时间无法识别",
	FlagUTCZ:              "时间以Z表示",
	FlagSentFuture:        "发布时间在未来",
	FlagExpiresBeforeSent: "失效早于发布",

	FlagNoReferences:     "缺少引用",
	FlagSelfReference:    "引用自身",
	FlagReferenceLater:   "引用不早于本条",
	FlagReferenceCycle:   "循环引用",
	FlagReferenceBad:     "引用无法识别",
	FlagReferenceUnknown: "引用的信息未收到",
	FlagForeignReference: "引用他人信息",
	FlagBornCancelled:    "收到前已解除",
	FlagSameIDOther:      "同一编号内容不同",

	FlagLevelUnknown:  "未定级",
	FlagHazardUnknown: "灾种未识别",

	FlagAreaInvalid:      "区域无效",
	FlagAreaTooLarge:     "区域过大",
	FlagSelfIntersecting: "区域自相交",
	FlagRingClosed:       "区域未闭合，已补闭合",
	FlagSwappedAxes:      "经纬度颠倒",
	FlagAxisAssumed:      "坐标顺序按范围推定",
	FlagLineNotArea:      "折线不成区域",
	FlagPointNotArea:     "仅为一点，不成区域",
	FlagRegionUnknown:    "行政区划代码未知",
	FlagGeocodeUnknown:   "地理编码体系未知",
	FlagExclusion:        "含排除区域",
	FlagOutsideChina:     "区域超出国境范围",
}

// Label is the Chinese word of the flag; the code itself for a word that is not
// in the list.
func (f Flag) Label() string {
	if l, ok := flagLabels[f]; ok {
		return l
	}
	return string(f)
}

// Valid says whether f is in the list.
func (f Flag) Valid() bool { _, ok := flagLabels[f]; return ok }
