// A part of a name -> its readings as sounds: the compiled twin of `didban.match.spelling.phonemes`, which hands
// its tables over.
#pragma once

#include <algorithm>
#include <map>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "patterns.hpp"

namespace didban {

using Sounds = std::string;  // a symbol each

struct Rule {
    Pattern letters;
    Text instead;
    Text apply(const Text &text) const { return letters.replaced(text, instead); }
};

// How the letters of one script sound, and where they may sound otherwise.
struct Alphabet {
    bool unvocalised = false;
    std::unordered_map<char32_t, Sounds> letters;
    std::vector<std::pair<Text, Text>> digraphs;
    std::vector<Rule> other_readings;
};

struct SpellingRules {
    int latin, arabic;
    size_t most_sounds, most_forms, least_without_article;
    Text latin_beginning, latin_abd, latin_ul, arabic_article, arabic_doubled, arabic_single;
    char first_carrier, carried;
    std::vector<std::pair<Text, Sounds>> latin_digraphs;  // the first that fits counts
    std::vector<Sounds> digits;
    std::vector<Rule> compounds;          // one after the other, of what begins as `latin_beginning`
    std::vector<Rule> other_compounds;    // as well
    Rule doubled_long_vowel, arabic_compound;
    Pattern latin_article, article_at_end;
    std::map<int, Alphabet> alphabets;
    int (*decimal)(char32_t);  // the value of a digit of any script, or -1
};

class Speller {
  public:
    explicit Speller(const SpellingRules &rules) : rules_(rules), of_letter_(128) {
        for (const auto &one : rules_.latin_digraphs) of_letter_[one.first[0] & 127].push_back(&one);
    }
    Speller(const Speller &) = delete;

    // The readings of a folded part of a script that has a table; of Latin, of its plain letters.
    std::vector<Sounds> readings(const Text &part, int script) const {
        std::vector<std::vector<Text>> heard;
        size_t longest = 0;
        for (const Text &text : spellings(part, script)) {
            heard.push_back(pronunciations(text, script));
            longest = std::max(longest, heard.back().size());
        }
        std::vector<Sounds> found;
        for (size_t n = 0; n < longest; ++n)
            for (const auto &texts : heard) {
                if (n >= texts.size()) continue;
                const Sounds sounds = read(texts[n], script);
                if (sounds.empty() || std::find(found.begin(), found.end(), sounds) != found.end()) continue;
                found.push_back(sounds);
                if (found.size() == rules_.most_forms) return found;
            }
        return found;
    }

  private:
    const SpellingRules rules_;
    std::vector<std::vector<const std::pair<Text, Sounds> *>> of_letter_;

    static bool begins(const Text &text, const Text &with) { return text.compare(0, with.size(), with) == 0; }

    static bool ends(const Text &text, const Text &with) {
        return text.size() >= with.size() && text.compare(text.size() - with.size(), with.size(), with) == 0;
    }

    bool is_decimal(const Text &text) const {
        return !text.empty() && std::all_of(text.begin(), text.end(), [&](char32_t c) { return rules_.decimal(c) >= 0; });
    }

    std::vector<Text> spellings(const Text &part, int script) const {
        if (script == rules_.arabic) {
            const Text joined = rules_.arabic_compound.apply(part);
            if (!begins(part, rules_.arabic_article) || part.size() < rules_.least_without_article) return {joined};
            return {joined, joined.substr(rules_.arabic_article.size())};
        }
        if (script == rules_.latin && !is_decimal(part)) return latin_spellings(part);
        return {part};
    }

    std::vector<Text> latin_spellings(const Text &part) const {
        std::vector<Text> all{part};
        if (begins(part, rules_.latin_beginning)) {
            for (const Rule &rule : rules_.compounds) all[0] = rule.apply(all[0]);
            for (const Rule &rule : rules_.other_compounds)
                if (rule.letters.is_in(part)) all.push_back(rule.apply(part));
        }
        if (part.size() <= rules_.least_without_article + 1) return all;
        const size_t article = rules_.latin_ul.size();
        if (rules_.latin_article.is_in(part))
            all.push_back(part.substr(article));
        else if (ends(part, rules_.latin_ul) && rules_.article_at_end.is_in(part))
            all.push_back(part.substr(0, part.size() - article));
        return all;
    }

    std::vector<Text> pronunciations(const Text &text, int script) const {
        std::vector<Text> texts{text};
        for (const Rule &rule : rules_.alphabets.at(script).other_readings) {
            const size_t before = texts.size();
            for (size_t n = 0; n < before && texts.size() < rules_.most_forms; ++n) {
                Text other = rule.apply(texts[n]);
                if (other != texts[n]) texts.push_back(std::move(other));
            }
        }
        return texts;
    }

    Sounds read(const Text &text, int script) const {
        Sounds sounds;
        if (is_decimal(text)) {
            for (char32_t digit : text) sounds += rules_.digits[rules_.decimal(digit)];
            return sounds.substr(0, rules_.most_sounds);
        }
        sounds = script == rules_.latin ? latin(text) : letter_by_letter(text, script);
        if (rules_.alphabets.at(script).unvocalised) {
            const Text whole = rules_.doubled_long_vowel.apply(Text(sounds.begin(), sounds.end()));
            sounds.assign(whole.begin(), whole.end());
        } else {
            sounds.erase(std::unique(sounds.begin(), sounds.end()), sounds.end());
        }
        return sounds.substr(0, rules_.most_sounds);
    }

    Sounds latin(const Text &text) const {
        Sounds sounds;
        size_t at = 0;
        if (begins(text, rules_.latin_abd)) at = rules_.latin_abd.size(), sounds.assign(text.begin(), text.begin() + at);
        while (at < text.size()) {
            const auto &candidates = of_letter_[text[at] & 127];
            const auto found = std::find_if(candidates.begin(), candidates.end(), [&](const auto *one) {
                return text.compare(at, one->first.size(), one->first) == 0;
            });
            if (found == candidates.end()) {
                sounds += char(text[at++]);
            } else {
                sounds += (*found)->second;
                at += (*found)->first.size();
            }
        }
        return sounds;
    }

    Sounds letter_by_letter(Text text, int script) const {
        const Alphabet &alphabet = rules_.alphabets.at(script);
        if (script == rules_.arabic) text = put(text, rules_.arabic_doubled, rules_.arabic_single);
        for (const auto &[letters, sound] : alphabet.digraphs) text = put(text, letters, sound);
        Sounds sounds;
        for (char32_t c : text) {
            const auto found = alphabet.letters.find(c);
            if (found != alphabet.letters.end()) sounds += found->second;
        }
        if (script == rules_.arabic && !sounds.empty() && sounds[0] == rules_.first_carrier) sounds[0] = rules_.carried;
        return sounds;
    }

    static Text put(const Text &text, const Text &letters, const Text &instead) {
        size_t at = 0, found = text.find(letters);
        if (found == Text::npos) return text;
        Text result;
        for (; found != Text::npos; found = text.find(letters, at)) {
            result.append(text, at, found - at).append(instead);
            at = found + letters.size();
        }
        return result.append(text, at, Text::npos);
    }
};

}  // namespace didban
