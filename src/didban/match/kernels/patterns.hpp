// Regular expressions as the tables of spelling state them: a small part of Python's `re`, of which nothing else
// compiled knows.
//
// Letters, `.`, sets, groups, alternatives, `^`, `$`, `\1`, looks ahead and (of one length) behind, and `?`, `*`,
// `+`, `{n}`, `{n,}`, `{n,m}`, which take as much as they can. A pattern with anything else is refused.
#pragma once

#include <array>
#include <cstddef>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace didban {

using Text = std::u32string;

class Pattern {
  public:
    Pattern() : Pattern(Text()) {}

    explicit Pattern(const Text &source) : source_(source) {
        program_ = alternatives().steps;
        if (at_ != source_.size()) refuse();
        program_.push_back({kDone, 0, 0});
        is_anchored_ = program_[0].kind == kStart;
    }

    bool is_in(const Text &text) const {
        Groups groups;
        for (size_t at = 0; at <= text.size() && (at == 0 || !is_anchored_); ++at)
            if (matches(text, at, groups)) return true;
        return false;
    }

    // The text with `instead` wherever the pattern matches; `\1` in it is what the first group took.
    Text replaced(const Text &text, const Text &instead) const {
        Text result;
        Groups groups;
        size_t at = 0;
        while (at < text.size() && (at == 0 || !is_anchored_)) {
            if (!matches(text, at, groups) || groups[1] == at) {
                result += text[at++];
                continue;
            }
            for (size_t n = 0; n < instead.size(); ++n)
                if (instead[n] == U'\\') {
                    const size_t group = ++n < instead.size() ? 2 * size_t(instead[n] - U'0') : 0;
                    if (group == 0 || group + 1 >= groups.size())
                        throw std::invalid_argument("what stands instead of a pattern names no group");
                    result.append(text, groups[group], groups[group + 1] - groups[group]);
                } else {
                    result += instead[n];
                }
            at = groups[1];
        }
        return result.append(text, at, Text::npos);
    }

  private:
    enum Kind { kLetter, kAny, kSet, kSplit, kJump, kSave, kStart, kEnd, kLook, kSame, kDone };

    // `a`, `b`: a letter, a number, or how many steps to go: at a parting of ways `a` is tried first.
    struct Step {
        Kind kind;
        int a, b;
    };
    using Steps = std::vector<Step>;

    // `width`: the letters that it takes; -1 where it may be more or less.
    struct Code {
        Steps steps;
        int width = 0;
    };
    struct Set {
        bool is_other;
        std::vector<std::pair<char32_t, char32_t>> ranges;
    };
    struct Look {
        Steps steps;
        bool is_wanted;
        int back;
    };
    using Groups = std::array<size_t, 8>;  // where the whole and each of three groups begin and end

    Text source_;
    size_t at_ = 0;
    int groups_ = 0;
    bool is_anchored_ = false;
    Steps program_;
    std::vector<Set> sets_;
    std::vector<Look> looks_;

    [[noreturn]] static void refuse() { throw std::invalid_argument("a pattern that is not known here"); }

    bool is_next(const char32_t *wanted) const { return source_.compare(at_, Text(wanted).size(), wanted) == 0; }

    bool take(const char32_t *wanted) {
        const bool is_there = is_next(wanted);
        if (is_there) at_ += Text(wanted).size();
        return is_there;
    }

    char32_t letter() {
        if (at_ == source_.size()) refuse();
        return source_[at_++];
    }

    static void append(Steps &steps, const Steps &more) { steps.insert(steps.end(), more.begin(), more.end()); }

    Code alternatives() {
        Code one = sequence();
        if (!take(U"|")) return one;
        const Code other = alternatives();
        Code both;
        both.steps = {{kSplit, 1, int(one.steps.size()) + 2}};
        append(both.steps, one.steps);
        both.steps.push_back({kJump, int(other.steps.size()) + 1, 0});
        append(both.steps, other.steps);
        both.width = one.width == other.width ? one.width : -1;
        return both;
    }

    Code sequence() {
        Code all;
        while (at_ < source_.size() && !is_next(U"|") && !is_next(U")")) {
            const Code one = repeated(single());
            append(all.steps, one.steps);
            all.width = all.width < 0 || one.width < 0 ? -1 : all.width + one.width;
        }
        return all;
    }

    Code repeated(const Code &one) {
        if (take(U"?")) return times(one, 0, 1);
        if (take(U"*")) return times(one, 0, -1);
        if (take(U"+")) return times(one, 1, -1);
        if (!take(U"{")) return one;
        const int least = number();
        int most = least;
        if (take(U",")) most = is_next(U"}") ? -1 : number();
        if (!take(U"}")) refuse();
        return times(one, least, most);
    }

    // `most` is -1 where there is no end. What takes nothing is not repeated without end.
    Code times(const Code &one, int least, int most) {
        if (is_next(U"?") || is_next(U"+") || (most < 0 && one.width == 0)) refuse();
        const int size = int(one.steps.size());
        Code all;
        for (int n = 0; n < least; ++n) append(all.steps, one.steps);
        if (most < 0) {
            all.steps.push_back({kSplit, 1, size + 2});
            append(all.steps, one.steps);
            all.steps.push_back({kJump, -size - 1, 0});
        }
        for (int n = least; n < most; ++n) {
            all.steps.push_back({kSplit, 1, (most - n) * (size + 1)});
            append(all.steps, one.steps);
        }
        all.width = least == most && one.width >= 0 ? least * one.width : -1;
        return all;
    }

    int number() {
        int value = 0;
        if (at_ == source_.size() || !is_digit(source_[at_])) refuse();
        while (at_ < source_.size() && is_digit(source_[at_])) value = 10 * value + int(source_[at_++] - U'0');
        return value;
    }

    static bool is_digit(char32_t c) { return c >= U'0' && c <= U'9'; }
    static bool is_plain(char32_t c) { return !is_digit(c) && !((c | 32) >= U'a' && (c | 32) <= U'z'); }

    Code single() {
        if (take(U"(")) return group();
        if (take(U"[")) return set();
        if (take(U".")) return {{{kAny, 0, 0}}, 1};
        if (take(U"^")) return {{{kStart, 0, 0}}, 0};
        if (take(U"$")) return {{{kEnd, 0, 0}}, 0};
        if (is_next(U"?") || is_next(U"*") || is_next(U"+") || is_next(U"{")) refuse();
        if (!take(U"\\")) return {{{kLetter, int(letter()), 0}}, 1};
        const char32_t escaped = letter();
        if (is_digit(escaped) && escaped > U'0' && int(escaped - U'0') <= groups_)
            return {{{kSame, int(escaped - U'0'), 0}}, -1};
        if (!is_plain(escaped)) refuse();
        return {{{kLetter, int(escaped), 0}}, 1};
    }

    Code group() {
        if (take(U"?:")) return closed(alternatives());
        if (take(U"?=")) return look(true, false);
        if (take(U"?!")) return look(false, false);
        if (take(U"?<=")) return look(true, true);
        if (take(U"?<!")) return look(false, true);
        if (is_next(U"?") || groups_ == 3) refuse();
        const int number = ++groups_;
        const Code inner = closed(alternatives());
        Code all{{{kSave, 2 * number, 0}}, inner.width};
        append(all.steps, inner.steps);
        all.steps.push_back({kSave, 2 * number + 1, 0});
        return all;
    }

    Code closed(Code code) {
        if (!take(U")")) refuse();
        return code;
    }

    Code look(bool is_wanted, bool is_back) {
        Code inner = closed(alternatives());
        if (is_back && inner.width < 0) refuse();
        inner.steps.push_back({kDone, 0, 0});
        looks_.push_back({inner.steps, is_wanted, is_back ? inner.width : 0});
        return {{{kLook, int(looks_.size()) - 1, 0}}, 0};
    }

    Code set() {
        Set own{take(U"^"), {}};
        do {
            const char32_t first = in_set();
            char32_t last = first;
            if (is_next(U"-") && source_.compare(at_, 2, U"-]") != 0) ++at_, last = in_set();
            own.ranges.push_back({first, last});
        } while (!is_next(U"]"));
        ++at_;
        sets_.push_back(own);
        return {{{kSet, int(sets_.size()) - 1, 0}}, 1};
    }

    char32_t in_set() {
        char32_t one = letter();
        if (one == U'\\' && !is_plain(one = letter())) refuse();
        return one;
    }

    bool matches(const Text &text, size_t at, Groups &groups) const {
        groups.fill(0);
        groups[0] = at;
        return runs(program_, 0, text, at, groups, groups[1]);
    }

    bool holds(const Set &set, char32_t c) const {
        for (const auto &[first, last] : set.ranges)
            if (c >= first && c <= last) return !set.is_other;
        return set.is_other;
    }

    bool looks(const Look &look, const Text &text, size_t at, Groups &groups) const {
        size_t end;
        const bool is_there = at >= size_t(look.back) && runs(look.steps, 0, text, at - look.back, groups, end);
        return is_there == look.is_wanted;
    }

    bool runs(const Steps &steps, int step, const Text &text, size_t at, Groups &groups, size_t &end) const {
        const size_t size = text.size();
        for (;; ++step) {
            const Step &now = steps[step];
            switch (now.kind) {
                case kLetter:
                    if (at == size || text[at++] != char32_t(now.a)) return false;
                    break;
                case kAny:
                    if (at == size || text[at++] == U'\n') return false;
                    break;
                case kSet:
                    if (at == size || !holds(sets_[now.a], text[at++])) return false;
                    break;
                case kSplit: {
                    const Groups before = groups;
                    if (runs(steps, step + now.a, text, at, groups, end)) return true;
                    groups = before;
                    step += now.b - 1;
                    break;
                }
                case kJump:
                    step += now.a - 1;
                    break;
                case kSave:
                    groups[now.a] = at;
                    break;
                case kStart:
                    if (at != 0) return false;
                    break;
                case kEnd:
                    if (at != size && !(at + 1 == size && text[at] == U'\n')) return false;
                    break;
                case kLook:
                    if (!looks(looks_[now.a], text, at, groups)) return false;
                    break;
                case kSame: {
                    const size_t start = groups[2 * now.a], length = groups[2 * now.a + 1] - start;
                    if (text.compare(at, length, text, start, length) != 0) return false;
                    at += length;
                    break;
                }
                case kDone:
                    end = at;
                    return true;
            }
        }
    }
};

}  // namespace didban
