/* All findings: code, severity (NOTE, DOUBT, REFUSED), what is wrong, how to mend it, what it means for which learners (a
 * name of finding_means.h).
 * The rule: included by content/findings.c with FINDING defined, and read by the tool that collects texts for
 * translation; {a} and {b} are the finding's facts. One block a prefix, in the order of the alphabet.
 */
/* clang-format off */

/* ---- a11y: what people who do not see or do not hear will miss; {a} is the unit, {b} a language ---- */
FINDING("a11y.audio-only", DOUBT, "{a} can only be heard: there is no text of it.",
        "Add the text, as a transcript or as captions, for people who do not hear.", DEAF_NOTHING)
FINDING("a11y.captions-language", DOUBT, "{a} has captions in another language only ({b}).",
        "Add captions in the language of the course.", DEAF_LANGUAGE)
FINDING("a11y.no-captions", DOUBT, "{a} has sound and no captions.",
        "Add captions as WebVTT or SubRip beside it, with the same name and the language: lesson1.zh-CN.vtt. Where they are part of the picture, say so in the draft.", DEAF_SAID)
FINDING("a11y.no-description", NOTE, "{a} has no description of what can only be seen.",
        "Add descriptions as WebVTT or a recorded audio description, unless all that matters is said.", BLIND_PICTURE)
FINDING("a11y.no-easy", NOTE, "{a} has no easy text.",
        "Write what it is about in short sentences and easy words: the field easy in course.json.", EASY)
FINDING("a11y.no-sign", NOTE, "{a} has sound and no sign language.",
        "Add a film of an interpreter who signs what is said, as a track of kind sign.", SIGN)
FINDING("a11y.no-transcript", NOTE, "{a} has no transcript.",
        "Add one for people who read with their fingers or at their own pace.", BRAILLE)
FINDING("a11y.picture-only", DOUBT, "{a} can only be seen: it has no sound, no description and no text.",
        "Add descriptions as WebVTT, or a transcript that says what is shown.", BLIND_PICTURE)

/* ---- archive: zip files ---- */
FINDING("zip.absolute", REFUSED, "The name {a} in the zip starts at the root of a disk.",
        "Make the zip again from inside the folder, so that all names are relative.", NOBODY)
FINDING("zip.backslash", REFUSED, "The name {a} in the zip has a backslash.",
        "Make the zip again with a program that writes names with slashes.", NOBODY)
FINDING("zip.bomb", REFUSED, "{a} would unpack to {b} bytes, far more than its packed size.",
        "Take this file out of the package, or store it without compression.", NOBODY)
FINDING("zip.checksum", REFUSED, "The checksum of {a} is wrong: the file was damaged.",
        "Make the zip again and send it again.", NOBODY)
FINDING("zip.damaged", REFUSED, "The packed bytes of {a} cannot be unpacked.",
        "Make the zip again and send it again.", NOBODY)
FINDING("zip.depth", REFUSED, "{a} lies more than {b} folders deep.",
        "Move it up: a package needs few folders.", NOBODY)
FINDING("zip.directory", REFUSED, "The list of files in the zip is damaged.",
        "Make the zip again and send it again.", NOBODY)
FINDING("zip.duplicate", REFUSED, "{a} and {b} have the same name, or differ only in upper and lower case or in how accents are written.",
        "Give each file a name of its own.", NOBODY)
FINDING("zip.encrypted", REFUSED, "{a} is protected by a password.",
        "Make the zip again without a password.", NOBODY)
FINDING("zip.end", REFUSED, "This is not a whole zip file: its end is missing or does not fit.",
        "It was probably cut short on its way. Send it again, or make it again.", NOBODY)
FINDING("zip.link", REFUSED, "{a} is a link to another file.",
        "Put the file itself into the zip in place of the link.", NOBODY)
FINDING("zip.local", REFUSED, "What the zip says about {a} at two places does not agree.",
        "Make the zip again and send it again.", NOBODY)
FINDING("zip.many", REFUSED, "The zip has {a} files; at most {b} are taken.",
        "Divide the package, or take out what does not belong to the course.", NOBODY)
FINDING("zip.method", REFUSED, "{a} is packed by a method that is not taken (number {b}).",
        "Make the zip with the ordinary method, called deflate, or without compression.", NOBODY)
FINDING("zip.multidisk", REFUSED, "The zip is one part of several.",
        "Make one whole zip file.", NOBODY)
FINDING("zip.name", REFUSED, "The name {a} in the zip is empty or has an empty part.",
        "Rename the file and make the zip again.", NOBODY)
FINDING("zip.name_control", REFUSED, "A name in the zip has control characters or marks that change the direction of writing: {a}.",
        "Rename the file and make the zip again.", NOBODY)
FINDING("zip.name_encoding", REFUSED, "The name of file {a} in the zip is neither in UTF-8 nor in GB18030.",
        "Rename the file, or make the zip with a program that writes UTF-8 names.", NOBODY)
FINDING("zip.name_length", REFUSED, "The name {a} in the zip is too long.",
        "Give the file a shorter name.", NOBODY)
FINDING("zip.overlap", REFUSED, "{a} shares its bytes with another file of the zip.",
        "Make the zip again with an ordinary program.", NOBODY)
FINDING("zip.size", REFUSED, "The size of {a} is not what the zip says.",
        "Make the zip again and send it again.", NOBODY)
FINDING("zip.special", REFUSED, "{a} is not an ordinary file.",
        "Take it out of the zip.", NOBODY)
FINDING("zip.total", REFUSED, "The zip would unpack to {a} bytes; at most {b} are taken.",
        "Divide the package into several courses.", NOBODY)
FINDING("zip.traversal", REFUSED, "The name {a} in the zip leads out of the package.",
        "Make the zip again from inside the folder, so that no name has two dots as a folder.", NOBODY)
FINDING("zip.zip64", REFUSED, "The part of the zip that is for large files is damaged.",
        "Make the zip again and send it again.", NOBODY)

/* ---- book: DAISY and EPUB ---- */
FINDING("book.beyond", DOUBT, "{b} clips begin behind the end of their sound, the first of them in {a}.",
        "The sound was probably cut short. Put the whole file in its place.", BLIND_MISSING)
FINDING("book.contents", REFUSED, "The contents of the book name no part of it.",
        "Make the book again with the program that made it: ncc.html (DAISY 2.02) or the package document (DAISY 3) must name the SMIL files.", NOBODY)
FINDING("book.missing", REFUSED, "The book names {a}, which is not in the package.",
        "Put the file into the package, with the name that the book gives it.", NOBODY)
FINDING("book.no_audio", REFUSED, "The book has no sound: nobody reads it aloud.",
        "Record it, or make the sound with the program that made the book; an EPUB can also be given as a document to read.", BLIND_SOUND)
FINDING("book.order", DOUBT, "{a} clips come earlier in the sound than the ones before them.",
        "The book is heard in the order of its sound files. Make the book again if that is not the right order.", BLIND_ORDER)
FINDING("book.places", DOUBT, "{a} entries of the contents lead to no place in the book and were left out.",
        "Make the contents again with the program that made the book.", PLACES)
FINDING("book.points", DOUBT, "{a} entries of the contents were left out: at most {b} are taken.",
        "Divide the book, or leave out the smallest headings.", PLACES)
FINDING("book.protected", REFUSED, "The book is locked by digital rights management: learners could not open it here.",
        "Ask who published it for a copy without the lock, for people who cannot read print.", NOBODY)
FINDING("book.text", DOUBT, "The text cannot be read further than line {a}, so what follows in this file can only be heard.",
        "Correct the line, or make the file again with the program that made the book.", DEAF_REST)
FINDING("book.unread", DOUBT, "{a} parts of the book are written and not read aloud, the first of them {b}: they are not in the audio-book.",
        "Have them read aloud with the program that made the book, or give its text beside it as a document (in course.json a lesson of the kind document).", UNREAD)
FINDING("book.xml", REFUSED, "The file cannot be read at this line: it is no well-formed XML.",
        "Make it again with the program that made the book, or correct the line.", NOBODY)

/* ---- captions: {a} is how many cues, {b} their lines in the file ---- */
FINDING("captions.backwards", DOUBT, "{a} captions end before they begin, at lines {b}. They are shown as long as they take to read.",
        "Correct the times of these captions.", DEAF_MOMENT)
FINDING("captions.beyond", DOUBT, "{a} captions lie behind the end of the recording, at lines {b}.",
        "See whether these captions belong to this recording, and move their times.", DEAF_UNSEEN)
FINDING("captions.blank", NOTE, "{a} captions have no words, at lines {b}.",
        "Take them out, or write what is heard.", DEAF_THERE)
FINDING("captions.empty", REFUSED, "There is no caption in this file.",
        "Send captions as WebVTT or SubRip (.vtt, .srt), each with a line like 00:00:01.000 --> 00:00:04.000.", DEAF_SAID)
FINDING("captions.encoding", REFUSED, "It is not clear in which encoding the words of these captions are written. {a}",
        "Open the file in a text editor and save it as UTF-8.", DEAF_READ)
FINDING("captions.fast", DOUBT, "{a} captions are gone before they can be read, at lines {b}.",
        "Show them longer or use fewer words: at most 9 characters a second in Chinese, 20 in English.", SLOW)
FINDING("captions.gap", NOTE, "{a} times a minute or more passes without a caption, first at lines {b}.",
        "If something is said or heard there, caption it; sounds that matter are written like [music].", DEAF_THERE)
FINDING("captions.inner-blank", NOTE, "{a} captions had empty lines inside, at lines {b}. The empty lines were taken out.",
        "Nothing has to be done.", NONE)
FINDING("captions.inner-time", NOTE, "{a} captions had times inside their words, at lines {b}. They are shown whole.",
        "Nothing has to be done; split a caption if its words must come one by one.", NONE)
FINDING("captions.lang", DOUBT, "The language of these captions is not known.",
        "Name the file like lesson1.zh-CN.srt, or give the language in course.json.", LANGUAGE)
FINDING("captions.lines", NOTE, "{a} captions have more than two lines, at lines {b}.",
        "Split them, so that they do not cover the picture.", DEAF_COVER)
FINDING("captions.markup", NOTE, "{a} captions had marks that were mended or left out, at lines {b}.",
        "Look at these captions in the player.", DEAF_FORM)
FINDING("captions.order", NOTE, "{a} captions stand before an earlier one, at lines {b}. They were put in order.",
        "Look whether their times are right.", DEAF_MOMENT)
FINDING("captions.overlap", NOTE, "{a} captions begin while another is still shown, at lines {b}.",
        "End the earlier caption first, unless two people speak at once.", DEAF_TWO)
FINDING("captions.replaced", DOUBT, "{a} captions have characters that were lost in the file, at lines {b}.",
        "Write these words again and save the file as UTF-8.", DEAF_READ)
FINDING("captions.setting", NOTE, "{a} captions have a place or alignment that browsers do not know, at lines {b}. It was left out.",
        "Nothing has to be done; see WebVTT cue settings for what is possible.", DEAF_FORM)
FINDING("captions.stray", DOUBT, "{a} lines or blocks belong to no caption and were left out, first at lines {b}.",
        "Give each caption a line with its times, directly above its words.", DEAF_UNSEEN)
FINDING("captions.style", NOTE, "{a} style or region blocks were left out, at lines {b}.",
        "Use styles without addresses and imports, and give each region an id.", DEAF_FORM)
FINDING("captions.time", DOUBT, "{a} captions were left out because their times cannot be read, at lines {b}.",
        "Write times like 00:00:01.000 --> 00:00:04.000.", DEAF_UNSEEN)
FINDING("captions.time-form", NOTE, "{a} times were written in an unusual way and were mended, at lines {b}.",
        "Look whether these captions come at the right moment.", DEAF_MOMENT)
FINDING("captions.too-big", REFUSED, "A file of captions may have at most {a} MB.",
        "Send the captions of one recording in one file of text.", DEAF_SAID)
FINDING("captions.too-many", REFUSED, "A file of captions may have at most {a} captions.",
        "Split the recording, and its captions with it.", DEAF_SAID)
FINDING("captions.wide", NOTE, "{a} captions have long lines, at lines {b}.",
        "Break lines at 16 characters in Chinese, 42 in English.", ENLARGED)

/* ---- course: course.json ---- */
FINDING("course.field_type", REFUSED, "The field {a} is not what it should be: {b}.",
        "Correct it in course.json; the description of the format names every field.", NOBODY)
FINDING("course.hours", REFUSED, "The hours of {a} are {b}: not a number with at most two decimals.",
        "Write class hours like 1, 0.5 or 1.25.", HOURS)
FINDING("course.hours_long", REFUSED, "{a} claims more class hours than its media last ({b}).",
        "Correct the hours, or add what is missing of the recording. A class hour is 45 minutes.", HOURS)
FINDING("course.json", REFUSED, "course.json cannot be read: {a}.",
        "Correct the place that is named; save the file as UTF-8.", NOBODY)
FINDING("course.document", REFUSED, "{a} is no document that is known here.",
        "Give an EPUB, or a zip of HTML pages.", NOBODY)
FINDING("course.kind", REFUSED, "Units of the kind {a} cannot be studied here.",
        "Give the unit as video, audiobook or document.", NOBODY)
FINDING("course.lang", REFUSED, "{a} is not the name of a language.",
        "Write a language like zh-CN or en (BCP 47).", NOBODY)
FINDING("course.missing", REFUSED, "The file {a} is named in course.json and is not in the package.",
        "Put the file into the package, or correct the name. Upper and lower case count.", NOBODY)
FINDING("course.missing_field", REFUSED, "The field {a} is missing.",
        "Add it to course.json.", NOBODY)
FINDING("course.pinyin", DOUBT, "{a} does not have one syllable for each of the {b} Chinese characters of its text, so it is not shown.",
        "Write one syllable for each Chinese character, with blanks between them, and nothing for what is not Chinese.", PINYIN)
FINDING("course.question", DOUBT, "{a} cannot be asked, so it is left out: it needs two to six answers, the number of the right one, and a chapter that the lesson has, in ascending order.",
        "Write two to six answers; right is the number of the right one, from 1; one question a chapter at most, in the order of the chapters.", QUESTION)
FINDING("course.same_key", REFUSED, "Two units have the id {a}.",
        "Give each unit an id of its own.", NOBODY)
FINDING("course.sums", REFUSED, "The programme says {a} class hours in all, but its parts add up to {b}.",
        "Correct the total, the hours of the units or the hours of the offline parts.", HOURS)
FINDING("course.track_kind", REFUSED, "Tracks of the kind {a} are not known.",
        "Use captions, subtitles, descriptions, chapters, sign or audio-description.", NOBODY)
FINDING("course.unknown_field", DOUBT, "The field {a} is not known and was passed over.",
        "Correct its name or take it out.", FIELD)
FINDING("course.unused", NOTE, "{a} is in the package, but no unit names it.",
        "Name it in course.json or take it out.", FILE_UNUSED)

/* ---- folder: media files with captions beside them ---- */
FINDING("folder.empty", REFUSED, "The package has no media file.",
        "Put at least one video or audio file into it.", NOBODY)
FINDING("folder.unused", NOTE, "{a} belongs to no media file and was passed over.",
        "Name what belongs to a lesson like it: lesson1.zh-CN.srt and lesson1.sign.mp4 beside lesson1.mp4.", BESIDE)

/* ---- lpf: audio-books of the W3C ---- */
FINDING("lpf.cover", NOTE, "The book has no cover picture that is named so.",
        "Add a picture with \"rel\": \"cover\" to the resources.", COVER)
FINDING("lpf.duration", NOTE, "The manifest does not say how long {a} is.",
        "Add its duration; it was measured here.", NONE)
FINDING("lpf.duration_sum", DOUBT, "The manifest says that the book lasts {a} s, but its parts add up to {b} s.",
        "Correct the durations; they were measured here.", BLIND_MISSING)
FINDING("lpf.duration_wrong", DOUBT, "The manifest says that {a} lasts {b}; it does not.",
        "Correct the duration; it was measured here.", BLIND_MISSING)
FINDING("lpf.manifest", REFUSED, "The manifest of the book cannot be read: {a}.",
        "Correct publication.json; save it as UTF-8.", NOBODY)
FINDING("lpf.missing", REFUSED, "The manifest names {a}, which is not in the package.",
        "Put the file into the package, or take it out of the manifest.", NOBODY)
FINDING("lpf.no_audio", REFUSED, "The reading order of the book names no audio file.",
        "Only audio-books are taken: name at least one audio file in the reading order.", BLIND_SOUND)
FINDING("lpf.no_manifest", REFUSED, "The package has no manifest.",
        "Add publication.json, or an index.html that links to a manifest.", NOBODY)
FINDING("lpf.not_audio", DOUBT, "{a} in the reading order is no audio file and was passed over.",
        "Take it out of the reading order.", FILE_UNUSED)
FINDING("lpf.recommended", NOTE, "The manifest has no {a}.",
        "Add it: it helps readers to find and to choose the book.", FIND)
FINDING("lpf.remote", REFUSED, "{a} lies outside the package.",
        "Put the file into the package and name it by a relative address.", NOBODY)
FINDING("lpf.toc", DOUBT, "The table of contents in {a} leads to nothing in the reading order.",
        "Correct its links; the chapters are shown as they are in the reading order.", PLACES)
FINDING("lpf.type", DOUBT, "The manifest does not say that this is an audio-book.",
        "Add \"type\": \"Audiobook\".", NONE)

/* ---- media: video and audio files ---- */
FINDING("media.codec", REFUSED, "{a} is coded as {b}, which browsers cannot play.",
        "Export it as MP4 with H.264 video (8 bits, 4:2:0) and AAC sound; sound alone also as MP3 or Opus. Where the program ffmpeg is installed, this server makes such a form by itself: ask the people who run it.", NOBODY)
FINDING("media.cut_short", REFUSED, "{a} ends too early: a part of the file is missing.",
        "It was probably cut short on its way. Send it again, or export it again.", NOBODY)
FINDING("media.edited", DOUBT, "The first {b} s of {a} were cut off in an editing program but are still in the file: they are shown.",
        "If they must not be seen, export the video so that it is encoded anew.", CUT_OFF)
FINDING("media.empty", REFUSED, "{a} has neither a picture nor sound that could be taken.",
        "Send a video or audio file; export it again if it should have some.", NOBODY)
FINDING("media.encrypted", REFUSED, "{a} is protected against copying.",
        "Send a file without copy protection.", NOBODY)
FINDING("media.formed", NOTE, "{a} is coded as {b}, which browsers cannot play: a form that they play was made of it.",
        "Nothing needs to be done. MP4 with H.264 video and AAC sound is taken in sooner and stays as sharp as it is.", NONE)
FINDING("media.gop", DOUBT, "{a} has a whole picture only every {b} s: jumping to a place in it is slow.",
        "Export it with a keyframe every 2 to 4 seconds.", JUMP)
FINDING("media.large", REFUSED, "{a} has more pictures or parts than can be served.",
        "Divide it into several units.", NOBODY)
FINDING("media.length", DOUBT, "The file says that it lasts {a} s; what is in it lasts {b} s.",
        "Look whether its end is there; export it again if not.", END)
FINDING("media.no_moov", REFUSED, "{a} has no table of contents (moov): the recording or the sending was cut short before its end.",
        "Send it again; if it does not play on your own computer either, record or export it again.", NOBODY)
FINDING("media.passed_over", NOTE, "Stream {a} ({b}) was passed over: one of its kind is taken.",
        "Send it as a track of its own if it is needed.", OTHER_STREAM)
FINDING("media.times", REFUSED, "The times inside {a} make no sense: they jump or are missing.",
        "Export it again with another program.", NOBODY)
FINDING("media.unequal", DOUBT, "This track lasts {a} s, the unit it belongs to {b} s: they will not stay in step.",
        "Make it as long as the unit, both beginning at the same moment.", STEP)
FINDING("media.unreadable", REFUSED, "{a} cannot be read as a video or audio file.",
        "Look whether it plays on your own computer; export it as MP4.", NOBODY)

/* ---- pack: all versions of a course, carried from another server ---- */
FINDING("pack.changed", REFUSED, "The bytes of {a} in the pack are not those of its checksum.",
        "It was changed or damaged on its way. Have the pack made again and send it again.", NOBODY)
FINDING("pack.damaged", REFUSED, "The pack cannot be understood at {a}: {b} is not what it must be.",
        "Have the pack made again by the other server, and take it as it is.", NOBODY)
FINDING("pack.id", REFUSED, "The number that version {a} has in the pack belongs to something else here.",
        "Have the pack made again by the other server, and take it as it is.", NOBODY)
FINDING("pack.diverged", REFUSED, "Version {a} of this course is another one here than in the pack.",
        "The course was changed on both servers. Hand in what is wanted of the other one as a package for the course here.", NOBODY)
FINDING("pack.extra", REFUSED, "{a} lies in the pack and does not belong to it.",
        "Take the pack as the other server made it, with nothing added.", NOBODY)
FINDING("pack.format", REFUSED, "The pack is of the format {a}, and here {b} is read.",
        "Bring this server to the version of the other one, or have the pack made by one that is like this one.", NOBODY)
FINDING("pack.missing", REFUSED, "{a} is not in the pack, and this course does not have it here.",
        "Have the pack made again by the list of what is here now, or with all files.", NOBODY)
FINDING("pack.other_course", REFUSED, "A pack says itself which course it is, and that is not the one you chose.",
        "Hand it in as a new course.", NOBODY)
FINDING("pack.operator", REFUSED, "A pack of another server is taken in only by whoever runs this one.",
        "Give it to them: curbcut pack import takes it. Or hand in the course as a package of its own.", NOBODY)
FINDING("pack.same", NOTE, "All versions in the pack are here already; nothing was changed.",
        "There is nothing to do.", NONE)

/* ---- package and worker ---- */
FINDING("package.large", REFUSED, "{a} is larger than {b} bytes, the most that is taken of this kind.",
        "Make it smaller or divide it.", NOBODY)
FINDING("package.name_guessed", NOTE, "The name was taken from the file: {a}.",
        "Change it on the course's page if it is not right.", NAME)
FINDING("package.unknown", REFUSED, "This is no course package and no media file that is known here.",
        "Send a zip with course.json, a zip of media files, an audio-book (DAISY 2.02, DAISY 3, EPUB, LPF), a document (EPUB, or a zip of HTML pages), or one video or audio file.", NOBODY)
FINDING("worker.stopped", REFUSED, "Reading the package was stopped: it broke the reader or took too long ({a}).",
        "Make the file again with another program, or ask the people who run this server.", NOBODY)

/* ---- prose: documents that are read; {a} is how many ---- */
FINDING("prose.alt", DOUBT, "{a} pictures have no words for who does not see them.",
        "Write in a few words what each shows (alt); a picture that only decorates has an empty one.", BLIND_PICTURE)
FINDING("prose.contents", NOTE, "The document has no table of contents.",
        "Add one (nav in EPUB 3, NCX in EPUB 2, links in index.html); until then each page is one entry.", PLACES)
FINDING("prose.drawings", DOUBT, "{a} drawings (SVG) were left out; where one has a name, the name stands there.",
        "Put them in as PNG pictures with words for who does not see them.", PICTURES)
FINDING("prose.empty", REFUSED, "There is nothing to read in this document.",
        "Look whether its pages have text; pages that are pictures of text, or come from scripts, have none.", NOBODY)
FINDING("prose.headings", DOUBT, "{a} headings are more than one level below the one before them.",
        "Make them one level below: a section of a chapter with h1 has h2.", HEADINGS)
FINDING("prose.lang", DOUBT, "Nothing says in which language this document is.",
        "Add it to the package document (dc:language), or to each page: <html lang=\"zh-CN\">.", LANGUAGE_SPOKEN)
FINDING("prose.links", NOTE, "{a} links lead out of the document; their words stay, the links are left out.",
        "Put what learners need into the document itself.", OUTSIDE)
FINDING("prose.long", REFUSED, "The document has more than {a} parts.",
        "Divide it into several documents.", NOBODY)
FINDING("prose.lost", DOUBT, "{a} things were left out that are no text: sound, video, forms or what scripts make; the first is <{b}>.",
        "Say the same in words, or hand in sound and video as lessons of their own.", LEFT_OUT)
FINDING("prose.mended", DOUBT, "This page is no well-formed XHTML; it was read as a browser reads old pages.",
        "Look whether all of it is there, or make the file again with the program that made the book.", END)
FINDING("prose.missing", DOUBT, "The document names {a}, which is not in the package.",
        "Put the file into the package, with the name that the document gives it.", LEFT_OUT)
FINDING("prose.nowhere", NOTE, "{a} links lead to no page of the document; their words stay.",
        "Correct them, or take them out.", PLACES)
FINDING("prose.page", DOUBT, "{a} is a page of the document that is no text but a picture, a drawing or a thing of its own; it was left out.",
        "Put a page of text (XHTML) in its place that says what it shows.", LEFT_OUT)
FINDING("prose.picture", DOUBT, "{a} is no picture that browsers show, or is larger than 10 MB.",
        "Save it as PNG or JPEG.", PICTURES)
FINDING("prose.table", DOUBT, "{a} tables do not say which cells are heads.",
        "Make the heads of columns and rows <th>.", HEADS)

/* ---- table: spreadsheets; {a} is a place in them ---- */
FINDING("table.binary", REFUSED, "This spreadsheet is in the binary form (.xlsb), which is not read here.",
        "Save it as an Excel workbook (.xlsx), then choose that file.", NO_LIST)
FINDING("table.damaged", REFUSED, "This spreadsheet is damaged at {a}, or written in a way that is not read here.",
        "Open it in a spreadsheet program, save it as an Excel workbook (.xlsx), then choose that file.", NO_LIST)
FINDING("table.empty", REFUSED, "This spreadsheet has no sheet that is shown.",
        "Show the sheet with the list, save the file, then choose it again.", NO_LIST)
FINDING("table.encrypted", REFUSED, "This spreadsheet is protected by a password.",
        "Save it without a password, then choose that file.", NO_LIST)
FINDING("table.formula", REFUSED, "Cell {a} has a formula without its result.",
        "Open the file in a spreadsheet program, save it there, then choose it again.", NO_LIST)
FINDING("table.large", REFUSED, "This spreadsheet is far larger than a list of one class.",
        "Copy the list alone into a new spreadsheet, save it, then choose that file.", NO_LIST)
FINDING("table.macros", REFUSED, "This spreadsheet has programs in it (macros).",
        "Save it as an Excel workbook without macros (.xlsx), then choose that file.", NO_LIST)
FINDING("table.merged", REFUSED, "The cells {a} are merged into one, so it cannot be told whose they are.",
        "Divide them again and fill in each cell, save the file, then choose it again.", NO_LIST)
FINDING("table.ods", REFUSED, "This is a spreadsheet of the kind OpenDocument (.ods), which is not read here.",
        "Save it as an Excel workbook (.xlsx), then choose that file.", NO_LIST)
FINDING("table.old", REFUSED, "This is a file of an old Excel (.xls), which is not read here.",
        "Save it as an Excel workbook (.xlsx), then choose that file.", NO_LIST)
FINDING("table.rows", REFUSED, "This spreadsheet has more rows than a list of one class.",
        "Copy the list alone into a new spreadsheet, save it, then choose that file.", NO_LIST)
FINDING("table.unknown", REFUSED, "This is no spreadsheet that is known here.",
        "Choose an Excel workbook (.xlsx) or a CSV file.", NO_LIST)
/* clang-format on */
