"""Writes ontology/lexicon/states.ttl:  python -m kg.training.lexicon_states ../shared/data/states.tsv ontology/lexicon/states.ttl

Names come from Unicode CLDR (through Babel) and from the table of states, whose sources are datasets/country-codes (PDDL) and
mledoze/countries (ODbL 1.0); so do the Wikidata items. Nisbas, short names and plurals of peoples are written by hand below.
"""

from __future__ import annotations

import csv
import re
import sys
from pathlib import Path

from babel import Locale

from kg.text import fold
from kg.training.lexicon_ttl import block, literal, ref, write

#: What the table or CLDR misspells or a name that means another state, by code: never a label.
DROPPED = {
    "MX": {"المسكيك"}, "AF": {"جمهورية أففانستان الإسلامية"}, "CG": {"الكونغو"},
    "MD": {"مولدوڤا", "جمهورية مولدوڤا"}, "RS": {"صيربيا", "جمهورية صيربيا"}, "UZ": {"أوزباكستان", "جمهورية أوزباكستان"}, "GF": {"غويانا"},
    "LK": {"جمهورية سريلانكا الديمقراطية الشعبية"}, "BQ": {"بونير وسينت أوستاتيوس وسابا"},
    "TF": {"مقاطعات وأقاليم ما وراء البحار الفرنسية"}, "VG": {"جزر العذراء"}, "SX": {"سانت مارتن"}, "MF": {"سانت مارتن"},
    "GS": {"جورجيا الجنوبية"},
}  # fmt: skip

#: The preferred Arabic name where CLDR's is not the one that news use.
PREFERRED = {
    "AE": "الإمارات", "SA": "السعودية", "GB": "بريطانيا", "HU": "المجر", "DK": "الدنمارك", "PS": "فلسطين", "HK": "هونغ كونغ", "MO": "ماكاو",
    "MM": "ميانمار", "BY": "بيلاروسيا", "OM": "عمان", "CD": "الكونغو الديمقراطية", "CG": "جمهورية الكونغو", "TL": "تيمور الشرقية", "UY": "الأوروغواي",
    "CF": "أفريقيا الوسطى", "MV": "المالديف", "CC": "جزر كوكوس", "VG": "جزر فيرجن البريطانية", "SX": "سينت مارتن", "MW": "مالاوي", "BB": "باربادوس",
}  # fmt: skip

#: More names, by code.
ALSO = {
    "US": "أمريكا;أميركا;الولايات المتحدة الأمريكية;الولايات المتحدة الأميركية;الولايات المتحدة الامريكية", "GB": "المملكة المتحدة;بريطانيا العظمى;إنجلترا;إنكلترا;انجلترا",
    "RU": "روسيا الاتحادية;الاتحاد الروسي;جمهورية روسيا الاتحادية", "KP": "جمهورية كوريا الديمقراطية الشعبية;كوريا الديمقراطية",
    "KR": "جمهورية كوريا", "CN": "جمهورية الصين الشعبية;الصين الشعبية", "TW": "جمهورية الصين;الصين الوطنية;تايبيه الصينية", "SY": "سورية;الجمهورية العربية السورية",
    "SA": "المملكة العربية السعودية;بلاد الحرمين الشريفين;المملكة", "AE": "دولة الإمارات;دولة الإمارات العربية المتحدة;الإمارات العربية المتحدة", "QA": "دولة قطر",
    "KW": "دولة الكويت", "BH": "مملكة البحرين", "OM": "سلطنة عمان;سلطنة عُمان;عُمان", "YE": "الجمهورية اليمنية", "IQ": "جمهورية العراق",
    "IR": "الجمهورية الإسلامية الإيرانية;الجمهورية الإسلامية;الجمهورية الإيرانية;جمهورية إيران الإسلامية", "IL": "دولة إسرائيل;الدولة العبرية;الكيان الصهيوني;الكيان الإسرائيلي;دولة الاحتلال",
    "PS": "دولة فلسطين;الأراضي الفلسطينية", "EG": "جمهورية مصر العربية", "JO": "المملكة الأردنية الهاشمية;المملكة الأردنية", "MA": "المملكة المغربية",
    "LY": "دولة ليبيا", "SD": "جمهورية السودان", "SS": "جنوب السودان;دولة جنوب السودان", "TR": "الجمهورية التركية;تركية", "DE": "ألمانيا الاتحادية;المانيا",
    "FR": "الجمهورية الفرنسية", "NL": "هولندا;مملكة هولندا", "HU": "هنغاريا", "CZ": "تشيكيا;جمهورية التشيك;التشيك", "BY": "بيلاروس;روسيا البيضاء;بلاروسيا;بيلوروسيا",
    "MM": "بورما;ميانمار (بورما)", "CI": "كوت ديفوار", "CV": "الرأس الأخضر", "NO": "النروج", "VN": "الفيتنام;فييتنام", "AU": "استراليا", "KG": "قيرغيزيا;قرغيزستان;قرغيزيا;قيرغستان;كرغيزستان",
    "TJ": "طاجكستان;تاجيكستان", "KZ": "كازخستان;كازاخستان", "TM": "تركمنستان;تركمانيا", "BD": "بنغلادش;بنجلادش", "PK": "الباكستان;جمهورية باكستان الإسلامية",
    "AF": "جمهورية أفغانستان الإسلامية;إمارة أفغانستان الإسلامية", "IN": "جمهورية الهند", "TH": "تايلند", "KH": "كامبوديا", "ID": "أندونيسيا", "SG": "سنجافورة",
    "NZ": "نيوزيلاندا;نيوزلندا", "IE": "إيرلندا;آيرلندا;ايرلندا;جمهورية أيرلندا", "IS": "أيسلندا;إيسلندا;ايسلندا", "CH": "الاتحاد السويسري", "UA": "أكرانيا",
    "DK": "الدانمارك;الدانمرك", "EE": "أستونيا", "LV": "لتفيا", "RS": "صربيا;جمهورية صربيا", "ME": "مونتينيغرو", "MK": "مقدونيا;شمال مقدونيا;جمهورية مقدونيا الشمالية",
    "BA": "البوسنة", "MD": "مولدافيا;جمهورية مولدوفا", "PL": "جمهورية بولندا", "XK": "كوسوفا", "VA": "الكرسي الرسولي;دولة الفاتيكان", "GE": "جمهورية جورجيا",
    "AZ": "أذربيجان;أذريبجان", "ET": "أثيوبيا;الحبشة", "ER": "أريتريا;ارتيريا", "SO": "جمهورية الصومال الفيدرالية", "ZA": "جنوب إفريقيا;جمهورية جنوب إفريقيا", "TD": "جمهورية تشاد",
    "NE": "جمهورية النيجر", "BF": "بوركينافاسو;بوركينا", "CF": "إفريقيا الوسطى;جمهورية إفريقيا الوسطى", "CD": "الكونغو كينشاسا;الكونغو;جمهورية الكونغو الديموقراطية;الكونغو الديموقراطية",
    "CG": "الكونغو برازافيل", "GA": "الجابون", "SN": "السنجال", "TZ": "تنزانيا المتحدة", "MZ": "موزامبيق", "ZW": "زمبابوي", "MG": "مدغشقر", "GN": "غينيا كوناكري",
    "BR": "جمهورية البرازيل", "VE": "فنزويلا البوليفارية;فينزويلا", "CL": "شيلي", "AR": "الارجنتين", "PE": "البيرو", "PY": "الباراغواي", "UY": "أوروغواي;أورغواي;الأورغواي",
    "CR": "كوستا ريكا", "DO": "الدومينيكان", "SV": "سلفادور", "LK": "سري لانكا", "PH": "الفيليبين", "MV": "جزر المالديف", "BN": "سلطنة بروناي", "LU": "لوكسمبرغ",
    "EH": "الجمهورية العربية الصحراوية الديمقراطية;الجمهورية الصحراوية", "NP": "النيبال", "LA": "لاووس",
    "AO": "جمهورية أنغولا;أنجولا", "PG": "بابوا نيو غينيا", "GR": "الجمهورية الهيلينية", "MT": "مالطة", "RE": "لاريونيون", "SZ": "سوازيلاند;إيسواتيني",
}  # fmt: skip

#: Names that are ordinary words, persons' names or other things at least as often.
AMBIGUOUS = {
    "SA": {"المملكة"}, "CD": {"الكونغو"}, "ML": {"مالي"}, "OM": {"عمان", "عُمان"}, "PS": {"الأراضي الفلسطينية"}, "TG": {"توغو"}, "MT": {"مالطة"}, "CL": {"شيلي"},
    "IM": {"جزيرة مان"}, "PE": {"بيرو"}, "GU": {"غوام"}, "JE": {"جيرسي", "جيرزي"}, "TR": {"تركية"}, "BJ": {"بنن"}, "CF": {"أفريقيا الوسطى", "إفريقيا الوسطى"},
    "GI": {"جبل طارق"}, "SV": {"سلفادور"}, "YT": {"مايوت"}, "NR": {"ناورو"}, "NU": {"نيوي"}, "TO": {"تونغا"}, "FJ": {"فيجي"}, "SB": {"جزر سليمان"},
    "MK": {"مقدونيا"}, "GG": {"غيرنزي"}, "BZ": {"بليز"}, "IL": {"دولة الاحتلال"}, "BF": {"بوركينا"},
}  # fmt: skip

#: Masculine nisbas without the article, then, after a bar, broken plurals of the people.
NISBAS = {
    "AE": "إماراتي", "AF": "أفغاني;أفغانستاني|أفغان", "AL": "ألباني|ألبان", "DZ": "جزائري", "AD": "أندوري", "AO": "أنغولي;أنجولي", "AR": "أرجنتيني", "AM": "أرميني;أرمني|أرمن", "AU": "أسترالي",
    "AT": "نمساوي", "AZ": "أذربيجاني;أذري", "BH": "بحريني", "BD": "بنغلاديشي;بنغالي", "BY": "بيلاروسي;بيلاروسي;بلاروسي", "BE": "بلجيكي", "BJ": "بنيني", "BT": "بوتاني",
    "BO": "بوليفي", "BA": "بوسني|بوشناق", "BW": "بوتسواني", "BR": "برازيلي", "BN": "بروني", "BG": "بلغاري|بلغار", "BF": "بوركيني;بوركينابي", "BI": "بوروندي", "KH": "كمبودي",
    "CM": "كاميروني", "CA": "كندي", "CV": "رأس أخضري", "CF": "أفريقي أوسطي", "TD": "تشادي", "CL": "تشيلي;شيلي", "CN": "صيني", "CO": "كولومبي", "KM": "قمري", "CD": "كونغولي",
    "CG": "كونغولي", "CR": "كوستاريكي", "CI": "إيفواري;عاجي", "HR": "كرواتي|كروات", "CU": "كوبي", "CY": "قبرصي|قبارصة", "CZ": "تشيكي|تشيك", "DK": "دنماركي;دانماركي;دنمركي",
    "DJ": "جيبوتي", "DO": "دومينيكاني", "EC": "إكوادوري", "EG": "مصري", "SV": "سلفادوري", "GQ": "غيني استوائي", "ER": "إريتري", "EE": "إستوني", "SZ": "سوازي", "ET": "إثيوبي|أحباش",
    "FJ": "فيجي", "FI": "فنلندي", "FR": "فرنسي|فرنسيس", "GA": "غابوني", "GM": "غامبي", "GE": "جورجي", "DE": "ألماني|ألمان", "GH": "غاني", "GR": "يوناني", "GT": "غواتيمالي",
    "GN": "غيني", "GW": "غيني بيساوي", "GY": "غياني", "HT": "هايتي;هاييتي", "HN": "هندوراسي", "HU": "مجري;هنغاري", "IS": "آيسلندي;أيسلندي", "IN": "هندي|هنود", "ID": "إندونيسي",
    "IR": "إيراني", "IQ": "عراقي", "IE": "أيرلندي;إيرلندي;آيرلندي", "IL": "إسرائيلي", "IT": "إيطالي|طليان", "JM": "جامايكي", "JP": "ياباني", "JO": "أردني", "KZ": "كازاخستاني;كازاخي;كازاخ",
    "KE": "كيني", "KP": "كوري شمالي;شمال كوري;كوري", "KR": "كوري جنوبي;جنوب كوري;كوري", "KW": "كويتي", "KG": "قيرغيزي;قيرغيزستاني;قرغيزي|قيرغيز", "LA": "لاوسي;لاوي", "LV": "لاتفي", "LB": "لبناني",
    "LS": "ليسوتي", "LR": "ليبيري", "LY": "ليبي", "LI": "ليختنشتايني", "LT": "ليتواني", "LU": "لوكسمبورغي", "MG": "مدغشقري;ملغاشي", "MW": "مالاوي;ملاوي", "MY": "ماليزي",
    "MV": "مالديفي", "MT": "مالطي", "MR": "موريتاني", "MU": "موريشيوسي", "MX": "مكسيكي", "MD": "مولدوفي;مولدافي", "MC": "موناكي", "MN": "منغولي|مغول", "ME": "مونتينيغري",
    "MA": "مغربي|مغاربة", "MZ": "موزمبيقي;موزامبيقي", "MM": "ميانماري;بورمي", "NA": "ناميبي", "NP": "نيبالي", "NL": "هولندي", "NZ": "نيوزيلندي", "NI": "نيكاراغوي;نيكاراغواني",
    "NE": "نيجري", "NG": "نيجيري", "MK": "مقدوني", "NO": "نرويجي", "OM": "عماني", "PK": "باكستاني", "PS": "فلسطيني", "PA": "بنمي", "PY": "باراغوياني;باراغوي", "PE": "بيروفي;بيرواني",
    "PH": "فلبيني;فيليبيني", "PL": "بولندي", "PT": "برتغالي", "QA": "قطري", "RO": "روماني", "RU": "روسي|روس", "RW": "رواندي", "SA": "سعودي", "SN": "سنغالي", "RS": "صربي|صرب",
    "SC": "سيشلي", "SL": "سيراليوني", "SG": "سنغافوري", "SK": "سلوفاكي|سلوفاك", "SI": "سلوفيني", "SO": "صومالي", "ZA": "جنوب أفريقي;جنوب إفريقي;أفريقي جنوبي", "SS": "جنوب سوداني;سوداني جنوبي",
    "ES": "إسباني|إسبان", "LK": "سريلانكي;سري لانكي", "SD": "سوداني", "SR": "سورينامي", "SE": "سويدي", "CH": "سويسري", "SY": "سوري", "TW": "تايواني", "TJ": "طاجيكي;طاجيكستاني|طاجيك",
    "TZ": "تنزاني", "TH": "تايلاندي;تايلندي", "TL": "تيموري", "TG": "توغولي", "TO": "تونغي", "TN": "تونسي|توانسة", "TR": "تركي|أتراك;ترك", "TM": "تركمانستاني", "UG": "أوغندي",
    "UA": "أوكراني", "GB": "بريطاني;إنجليزي;إنكليزي|إنجليز;إنكليز", "US": "أمريكي;أميركي;أمريكاني;أميركاني|أمريكان;أميركان", "UY": "أوروغوياني;أوروغواياني", "UZ": "أوزبكي;أوزبكستاني|أوزبك", "VA": "فاتيكاني",
    "VE": "فنزويلي", "VN": "فيتنامي", "YE": "يمني", "ZM": "زامبي", "ZW": "زيمبابوي;زيمبابوي", "XK": "كوسوفي;كوسوفاري", "EH": "صحراوي", "HK": "هونغ كونغي", "GL": "غرينلاندي",
    "PG": "بابوي", "SB": "سليماني", "WS": "ساموي", "VU": "فانواتي", "PR": "بورتوريكي", "BB": "باربادوسي", "BS": "بهامي", "TT": "ترينيدادي", "BZ": "بليزي",
}  # fmt: skip

#: Nisbas that are ordinary adjectives, other nisbas or persons' names at least as often.
AMBIGUOUS_NISBAS = {
    "ML": "مالي",
    "EH": "صحراوي",
    "SB": "سليماني",
    "KM": "قمري",
    "CI": "عاجي",
    "MN": "مغول",
    "KZ": "كازاخ",
    "TL": "تيموري",
    "SZ": "سوازي",
    "PG": "بابوي",
    "WS": "ساموي",
}

_CLEAN = re.compile(r"\s*\*+\s*$")


def names(row: dict[str, str], cldr: str | None) -> tuple[str, list[str]]:
    """The preferred Arabic name of a state and its other ones, without duplicates."""
    code = row["iso2"]
    found = [cldr or "", row["name_ar"], row["unterm_ar"], row["official_ar"], row["unterm_formal_ar"], *ALSO.get(code, "").split(";")]
    found = [_CLEAN.sub("", n).strip() for n in found]
    # "إيران (جمهورية - الإسلامية)" is a form for sorting lists.
    found = [n for n in found if n and "(" not in n and n not in DROPPED.get(code, set())]
    preferred = PREFERRED.get(code, found[0])
    return preferred, [n for n in dict.fromkeys(found) if n != preferred]


def main(table: str, output: str) -> None:
    """Read the table of states and write the Turtle file."""
    from kg.training.lexicon_cities import capital_of

    ar = Locale("ar")
    with open(table, encoding="utf-8", newline="") as f:
        rows = sorted(csv.DictReader(f, delimiter="\t"), key=lambda r: r["iso2"])
    blocks = []
    for row in rows:
        code, qid = row["iso2"], row["wikidata"]
        preferred, others = names(row, ar.territories.get(code))
        unsure = AMBIGUOUS.get(code, set())
        seen = {preferred}
        # Spellings that fold alike are one name for the matcher.
        kept = [n for n in others if not (fold(n) in {fold(s) for s in seen} or seen.add(n))]  # type: ignore[func-returns-value]
        singular, _, plurals = NISBAS.get(code, "").partition("|")
        nisbas = [n for n in dict.fromkeys(singular.split(";")) if n]
        sure = [n for n in nisbas if n not in AMBIGUOUS_NISBAS.get(code, "").split(";")]
        demonyms = ["ال" + n + "ون" for n in sure if " " not in n] + ["ال" + n for n in plurals.split(";") if n]
        capital = capital_of(code)
        blocks.append(
            block(
                qid or "state/" + re.sub(r"\W+", "-", row["name_en"].lower()),
                "State",
                {
                    "skos:prefLabel": [literal(preferred, "ar"), literal(row["name_en"], "en")],
                    "skos:altLabel": [literal(n, "ar") for n in kept if n not in unsure]
                    + ([literal("US", "en"), literal("USA", "en")] if code == "US" else []),
                    "kgo:ambiguousLabel": [literal(n, "ar") for n in [preferred, *kept] if n in unsure],
                    "skos:exactMatch": [f"wd:{qid}"] if qid else [],
                    "kgo:iso2": [literal(code)],
                    "kgo:nisba": [literal(n, "ar") for n in sure],
                    "kgo:ambiguousNisba": [literal(n, "ar") for n in AMBIGUOUS_NISBAS.get(code, "").split(";") if n],
                    "kgo:demonymPlural": [literal(n, "ar") for n in dict.fromkeys(demonyms)],
                    "kgo:capital": [ref(capital)] if capital else [],
                },
            )
        )
    source = (
        "States and territories. Written by kg/training/lexicon_states.py; do not edit.\n"
        "Names: Unicode CLDR through Babel (Unicode licence); datasets/country-codes (PDDL); mledoze/countries (ODbL 1.0).\n"
        "Wikidata items: the same table. Nisbas and further names: by hand."
    )
    write(Path(output), source, blocks)


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    main(sys.argv[1], sys.argv[2])
