"""The interface in Arabic and English: key -> (Arabic, English). {} stands for a number or a name that the script puts in."""

from __future__ import annotations

from collections.abc import Mapping

WORDS: Mapping[str, tuple[str, str]] = {
    # What there is
    "documents": ("الوثائق", "Documents"), "entities": ("الكيانات", "Entities"), "events": ("الأحداث", "Events"),
    "facts": ("العلاقات الثابتة", "Facts"), "sources": ("المصادر", "Sources"),
    # Tabs and tools
    "tab_graph": ("الشبكة", "Graph"), "tab_document": ("الوثيقة", "Document"), "tab_table": ("جدول الأحداث", "Events table"),
    "views": ("العروض", "Views"), "tools": ("الأدوات", "Tools"), "language": ("English", "العربية"), "dark": ("الوضع الداكن", "Dark mode"), "help": ("لوحة المفاتيح", "Keyboard help"),
    "undo": ("تراجع", "Undo"), "share": ("نسخ رابط هذا العرض", "Copy a link to this view"), "copied": ("نُسخ الرابط", "Link copied"),
    "print": ("طباعة", "Print"), "png": ("صورة PNG", "PNG image"), "csv": ("تنزيل CSV", "Download CSV"),
    "fit": ("عرض الكل", "Fit to window"), "zoom_in": ("تكبير", "Zoom in"), "zoom_out": ("تصغير", "Zoom out"), "close": ("إغلاق", "Close"), "reset": ("إعادة الضبط", "Reset"),
    "states": ("تجميع حسب الدولة", "Group by state"), "physics": ("تحريك حر", "Physics"), "lonely": ("كيانات بلا علاقات", "Entities without relations"),
    # Search
    "search": ("ابحث عن شخص أو دولة أو سلاح…", "Search for a person, state or weapon…"), "search_label": ("بحث", "Search"), "nothing_found": ("لا نتائج", "No results"),
    # Legend and filters
    "legend": ("الرموز والمرشحات", "Legend and filters"), "entity_types": ("أنواع الكيانات", "Entity types"), "event_types": ("أنواع الأحداث", "Event types"),
    "line_classes": ("ألوان الخطوط", "Line colours"), "fact": ("علاقة ثابتة", "Fact"), "event_node": ("حدث بلا طرفين", "Event without a pair"),
    "uncertain_event": ("منفي أو غير مؤكد", "Denied or not certain"), "stance": ("مدى التأكيد", "Factuality"), "asserted": ("مؤكد", "Asserted"),
    "min_confidence": ("أدنى ثقة", "Lowest confidence"), "all": ("الكل", "All"), "none": ("لا شيء", "None"), "active_filters": ("المرشحات النشطة: {}", "Active filters: {}"),
    # Time
    "timeline": ("الخط الزمني", "Timeline"), "from": ("من", "From"), "until": ("إلى", "Until"), "play": ("تشغيل", "Play"), "pause": ("إيقاف", "Pause"),
    "undated": ("{} حدثا بلا تاريخ", "{} undated events"), "day_report": ("تاريخ النشر", "Date of report"),
    # Exploring
    "focus": ("ركّز على الجوار", "Focus on neighbourhood"), "unfocus": ("اعرض الكل", "Show everything"), "wider": ("وسّع الجوار", "Widen"), "narrower": ("ضيّق الجوار", "Narrow"),
    "collapse": ("اطو الفروع", "Collapse"), "expand": ("افتح الفروع", "Expand"), "path_from": ("طريق من هنا", "Path from here"),
    "path_pick": ("اختر العقدة الثانية للطريق من «{}»", "Choose the other end of the path from “{}”"),
    "path": ("الطرق بين الطرفين", "Paths between the two"), "no_path": ("لا طريق بينهما", "There is no path between them"), "path_length": ("{} خطوات", "{} steps"),
    "unbundle": ("افرد الخطوط", "Draw each line"), "bundle": ("اجمع الخطوط", "Bundle the lines"), "cancel": ("إلغاء", "Cancel"),
    "central": ("يعرض الجزء الأكثر مركزية: {} من {} عقدة.", "Showing the most central part: {} of {} nodes."), "show_rest": ("اعرض الكل", "Show the rest"),
    # Evidence
    "evidence": ("الأدلة", "Evidence"), "more": ("انقر لقراءة كل الأدلة", "click to read all the evidence"), "says": ("نقلا عن", "According to"), "told_by": ("المصادر", "Told by"),
    "denied_by": ("ينفيه", "Denied by"), "confidence": ("الثقة", "Confidence"), "office": ("المنصب", "Office"),
    "relations": ("العلاقات", "Relations"), "aliases": ("يرد أيضا باسم", "Also called"), "wikidata": ("ويكي بيانات", "Wikidata"), "quantity": ("العدد", "Quantity"),
    "numbers": ("الأعداد المذكورة", "Numbers reported"), "mentioned_in": ("ورد في", "Mentioned in"), "untitled": ("بلا عنوان", "Untitled"),
    "possibly_same": ("ربما الشيء نفسه", "Possibly the same"), "member_of": ("الدولة", "State"),
    "possibly_same_why": ("اسم مختصر في وثيقة قد يعود إلى هذا الاسم الكامل.", "A short name in a document that may stand for this full name."),
    "n_documents": ("وثائق: {}", "documents: {}"), "n_sources": ("مصادر: {}", "sources: {}"), "n_claims": ("روايات: {}", "claims: {}"), "n_events": ("أحداث: {}", "events: {}"),
    "open_document": ("افتح في الوثيقة", "Open in the document"),
    # Document
    "choose_document": ("اختر وثيقة", "Choose a document"), "no_texts": ("لا تحوي هذه الصفحة نصوص الوثائق: صُنعت من بيانات لا تضم النصوص (Turtle أو مخزن بلا ‎--with-text). تظهر هنا الجمل المستشهد بها فقط.", "This page does not hold the texts of its documents: it was made from data without them (Turtle, or a store built without --with-text). Only the sentences that are cited stand here."),
    "text_left_out": ("نصوص الوثائق أطول مما تتسع له صفحة واحدة. تظهر هنا الجمل المستشهد بها فقط.", "The texts of the documents are too long for one page. Only the sentences that are cited stand here."),
    "no_documents": ("لا وثائق.", "There are no documents."),
    # Table
    "t_type": ("الحدث", "Event"), "t_day": ("التاريخ", "Date"), "t_agent": ("الفاعل", "Who"), "t_other": ("الأطراف الأخرى", "To whom, with what"), "t_stance": ("التأكيد", "Factuality"),
    "t_documents": ("وثائق", "Documents"), "t_sources": ("مصادر", "Sources"), "t_confidence": ("الثقة", "Confidence"), "t_trigger": ("اللفظ", "Words"),
    "table_of": ("{} من {} حدثا", "{} of {} events"),
    # The canvas
    "graph": ("رسم الشبكة. الأسهم تنقل بين العقد، وEnter يفتح الأدلة، و? يعرض كل المفاتيح. جدول الأحداث يحوي ما في الرسم.", "The graph. Arrow keys go from node to node, Enter opens the evidence, ? shows all keys. The events table holds what the graph shows."),
    "empty": ("لم يُعثر على شيء في النصوص: لا كيانات ولا أحداث.", "Nothing was found in the texts: no entities and no events."),
    "material-conflict": ("صراع بالأفعال", "Material conflict"), "verbal-conflict": ("صراع بالأقوال", "Verbal conflict"),
    "material-cooperation": ("تعاون بالأفعال", "Material cooperation"), "verbal-cooperation": ("تعاون بالأقوال", "Verbal cooperation"), "other": ("غير ذلك", "Other"),
    "negative": ("منفي", "Negated"), "planned": ("مخطط له", "Planned"), "possible": ("محتمل", "Possible"), "conditional": ("مشروط", "Conditional"), "denied": ("مكذَّب", "Denied"),
    # Keys
    "k_search": ("ابحث", "Search"), "k_move": ("إلى العقدة المجاورة", "To the next node that way"), "k_open": ("افتح الأدلة", "Open the evidence"), "k_edges": ("الخط السابق أو التالي للعقدة", "Previous or next line of the node"),
    "k_zoom": ("تكبير وتصغير وعرض الكل", "Zoom in, out, fit"), "k_focus": ("ركّز على الجوار", "Focus on the neighbourhood"), "k_collapse": ("اطو الفروع أو افتحها", "Collapse or expand"),
    "k_path": ("طريق من العقدة، ثم إليها", "Path from the node, then to it"), "k_states": ("تجميع حسب الدولة", "Group by state"), "k_tabs": ("الشبكة، الوثيقة، الجدول", "Graph, document, table"),
    "k_play": ("شغّل الخط الزمني", "Play the timeline"), "k_undo": ("تراجع", "Undo"), "k_language": ("العربية أو الإنجليزية", "Arabic or English"), "k_dark": ("الوضع الداكن", "Dark mode"),
    "k_export": ("صورة PNG أو طباعة", "PNG image or print"), "k_escape": ("أغلق، ألغ التحديد", "Close, clear the selection"), "k_help": ("هذه القائمة", "This list"), "k_legend": ("أظهر الرموز أو أخفها", "Show or hide the legend"),
}  # fmt: skip
