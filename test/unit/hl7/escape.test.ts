// Escape sequences (HL7 v2.5.1 ch. 2.7), by table.

import { expect, test } from 'vitest';
import { standardDelimiters } from '../../../src/hl7/delimiters.ts';
import { escapeText, unescapeText } from '../../../src/hl7/escape.ts';

test.each([
  ['field', 'a\\F\\b', 'a|b'],
  ['component', 'a\\S\\b', 'a^b'],
  ['sub-component', 'a\\T\\b', 'a&b'],
  ['repetition', 'a\\R\\b', 'a~b'],
  ['escape', 'a\\E\\b', 'a\\b'],
  ['an escaped escape does not start a sequence', '\\E\\T\\E\\', '\\T\\'],
  ['line break', 'a\\.br\\b', 'a\nb'],
  ['centred line', 'a\\.ce\\b', 'a\nb'],
  ['three lines', 'a\\.sp3\\b', 'a\n\n\nb'],
  ['skipped columns', 'a\\.sk 2\\b', 'a  b'],
  ['an indent has no meaning in plain text', 'a\\.in+4\\b', 'ab'],
  ['highlighting is dropped', '\\H\\bold\\N\\ plain', 'bold plain'],
  ['one hexadecimal byte', '\\X41\\', 'A'],
  ['several', '\\X414243\\', 'ABC'],
  ['small letters', '\\X6a\\', 'j'],
  ['a multi-byte character', 'M\\XC3BC\\ller', 'Müller'],
  ['a multi-byte character split over two sequences', 'M\\XC3\\\\XBC\\ller', 'Müller'],
  ['bytes that are no UTF-8 are Windows-1252', '\\X80E9\\', '€é'],
  ['a line end', 'a\\X0D0A\\b', 'a\r\nb'],
  ['NUL', '\\X00\\', '\uFFFD'],
  ['a switch of character set is dropped', '\\C2842\\a\\M244B\\b', 'ab'],
  ['an odd number of digits is no sequence', '\\X4\\', '\\X4\\'],
  ['no digits', '\\X\\', '\\X\\'],
  ['no hexadecimal', '\\XZZ\\', '\\XZZ\\'],
  ['a local sequence is kept', '\\Zabc\\', '\\Zabc\\'],
  ['an unknown sequence is kept', '\\Q\\', '\\Q\\'],
  ['a path is kept', 'C:\\tmp\\x', 'C:\\tmp\\x'],
  ['a sequence after text that is none', 'C:\\tmp\\F\\x', 'C:\\tmp|x'],
  ['a lone escape character', 'a\\b', 'a\\b'],
  ['two', 'a\\\\b', 'a\\\\b'],
  ['the end', 'a\\', 'a\\'],
  ['no truncation character, no sequence', '\\P\\', '\\P\\'],
])('%s', (_what, text, meaning) => {
  expect(unescapeText(text, standardDelimiters)).toBe(meaning);
});

test('the meaning is the delimiter that the sender declared', () => {
  const delimiters = { ...standardDelimiters, field: '$', component: '%', escape: '!', truncation: '#' };
  expect(unescapeText('!F!!S!!E!!P!\\F\\', delimiters)).toBe('$%!#\\F\\');
});

test('without an escape character nothing is escaped', () => {
  expect(unescapeText('a\\F\\b', { ...standardDelimiters, escape: '' })).toBe('a\\F\\b');
  expect(escapeText('a|b\rPID', { ...standardDelimiters, escape: '' })).toBe('a b PID');
});

test('a value can forge neither a segment nor a frame', () => {
  expect(escapeText('x|y^z~&\\\rPID|1\n\x0b\x1c\x00', standardDelimiters)).toBe(
    'x\\F\\y\\S\\z\\R\\\\T\\\\E\\\\X0D\\PID\\F\\1\\.br\\\\X0B\\\\X1C\\\\X00\\',
  );
});
