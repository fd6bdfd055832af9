// SPDX-License-Identifier: Apache-2.0
package io.standpipe.cli.options;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ArgumentParserTest {

    private enum Way { FAST, SAFE }

    private final Syntax syntax = new Syntax("standpipe try", "Tries.");
    private final Flag json = syntax.flag("--json", "As JSON.");
    private final Flag dot = syntax.flag("-d, --dot", "As a graph.");
    private final Value<Path> output = syntax.option("-o, --output", "FILE", PathKind.FILE, "The file.").required();
    private final Value<Integer> pids = syntax.option("--pid", "PID", NumberKind.PID, "Processes.").list();
    private final Value<String> texts = syntax.option("--text", "TEXT", TextKind.PLAIN, "Texts.").repeated();
    private final Value<Way> way = syntax.option("--way", "WAY", new WordKind<>(Way.values()), "How.");
    private final Value<Integer> watch = syntax.option("--watch", "N", NumberKind.ANY, "Again.").ifBare("2");
    private final Value<Path> image = syntax.operand("IMAGE", PathKind.FILE, "The image.").required();
    private final Value<String> command = syntax.operand("COMMAND", TextKind.COMMAND, "The command.").repeated();

    private void parse(String... arguments) {
        syntax.atMostOne(json, dot);
        ArgumentParser.parse(syntax, arguments);
    }

    private void assertRefused(String message, String... arguments) {
        assertEquals(message, assertThrows(UsageException.class, () -> parse(arguments)).getMessage());
    }

    @Test
    void everyFormIsTaken() {
        parse("--json", "-o", "out", "--pid=1,2", "img", "--pid", "3", "--text=", "--text", "", "--text", "a=b,c", "--way", "Safe");
        assertTrue(json.isGiven());
        assertFalse(dot.isGiven());
        assertEquals(Path.of("out"), output.get());
        assertEquals(List.of(1, 2, 3), pids.all());
        assertEquals(List.of("", "", "a=b,c"), texts.all());
        assertEquals(Way.SAFE, way.get());
        assertEquals(Path.of("img"), image.get());
        assertFalse(watch.isGiven());
        assertNull(watch.orNull());
        assertFalse(command.isGiven());
    }

    @Test
    void shortOptionTakesItsValueInEveryForm() {
        parse("-oout", "img");
        assertEquals(Path.of("out"), output.get());
    }

    @Test
    void streamIsAValueAndAnOperand() {
        parse("-o", "-", "-");
        assertEquals(Path.of("-"), output.get());
        assertEquals(Path.of("-"), image.get());
    }

    @Test
    void valueMayBeginWithAHyphenIfItIsNoOption() {
        parse("--text", "-x", "--text=--json", "--text", "-5", "--output=-o", "img");
        assertEquals(List.of("-x", "--json", "-5"), texts.all());
        assertEquals(Path.of("-o"), output.get());
        assertFalse(json.isGiven());
    }

    @Test
    void quotesBelongToTheValue() {
        parse("-o", "\"out\"", "--text='a'", "\"img\"");
        assertEquals(Path.of("\"out\""), output.get());
        assertEquals(List.of("'a'"), texts.all());
        assertEquals(Path.of("\"img\""), image.get());
    }

    @Test
    void nothingBehindTwoHyphensIsAnOption() {
        parse("-o", "out", "img", "--", "cat", "--json", "-o", "--", "--text=a");
        assertEquals(List.of("cat", "--json", "-o", "--", "--text=a"), command.all());
        assertFalse(json.isGiven());
    }

    @Test
    void optionalValueMayBeMissing() {
        parse("-o", "out", "--watch", "--json", "img");
        assertEquals(2, watch.get());
        assertTrue(json.isGiven());
    }

    @Test
    void optionalValueMayBeGiven() {
        parse("-o", "out", "--watch=5", "img");
        assertEquals(5, watch.get());
    }

    @Test
    void flagMayBeGivenTwice() {
        parse("--json", "--json", "-o", "out", "img");
        assertTrue(json.isGiven());
    }

    @Test
    void helpAndVersionNeedNothingElse() {
        parse("--help");
        assertTrue(syntax.isHelpWanted());
        parse("-V");
        assertTrue(syntax.isVersionWanted());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "-o out img --ouput x          | unknown option --ouput; did you mean --output?",
        "-o out img --ouput=x          | unknown option --ouput; did you mean --output?",
        "-o out img --out x            | unknown option --out; did you mean --output?",
        "-o out img -json              | unknown option -json; did you mean --json?",
        "-output out img               | unknown option -output; did you mean --output?",
        "-o out img -x                 | unknown option -x; options of the COMMAND go behind --",
        "-o out img cat --number       | unknown option --number; options of the COMMAND go behind --",
        "-o out img --json=yes         | --json takes no value, found 'yes'",
        "img                           | --output FILE is missing",
        "-o out                        | IMAGE is missing",
        "img -o                        | --output needs a value: --output FILE",
        "img -o --json                 | --output needs a value: --output FILE",
        "img --output --json           | --output needs a value: --output FILE",
        "img -o out --output other     | --output is given twice",
        "img -o out --pid init         | --pid: 'init' is no pid, expected 1 to 2147483647",
        "img -o out --pid 1,           | --pid: '' is no pid, expected 1 to 2147483647",
        "img -o out --pid -5           | --pid: '-5' is no pid, expected 1 to 2147483647",
        "img -o out --pid 2147483648   | --pid: '2147483648' is no pid, expected 1 to 2147483647",
        "img -o out --pid 11111111111  | --pid: '11111111111' is no pid, expected 1 to 2147483647",
        "img -o out --watch=soon       | --watch: 'soon' is no number, expected 0 to 2147483647",
        "img --output=                 | --output: an empty name is no path",
        "img -o out --way faster       | --way: 'faster' is none of fast, safe; did you mean fast?",
        "img -o out --way x            | --way: 'x' is none of fast, safe",
        "img -o out --json --dot       | --json and --dot exclude each other",
        "img -o out -d --json          | --json and --dot exclude each other"})
    void wrongUsageIsNamed(String arguments, String message) {
        assertRefused(message, arguments.split(" "));
    }

    @Test
    void oneOfAGroupIsNeeded() {
        syntax.exactlyOne(pids, texts);
        assertRefused("--pid PID or --text TEXT is missing", "-o", "out", "img");
    }

    @Test
    void notMoreThanOneOfAGroupIsTaken() {
        syntax.exactlyOne(pids, texts);
        assertRefused("--pid and --text exclude each other", "-o", "out", "--pid", "1", "--text", "a", "img");
    }

    @Test
    void tooManyOperandsAreRefused() {
        Syntax small = new Syntax("standpipe small", "Is small.");
        assertEquals("unexpected argument 'a'", assertThrows(UsageException.class, () -> ArgumentParser.parse(small, "a")).getMessage());
        small.operand("FILE", PathKind.FILE, "A file.");
        assertEquals(
                "unexpected argument 'b', expected [FILE] only",
                assertThrows(UsageException.class, () -> ArgumentParser.parse(small, "a", "b")).getMessage());
    }
}
