// Parts of names and how alike two of them are: the twin of evidence/likeness.py, which says why.
#pragma once

#include <deque>
#include <string>
#include <string_view>
#include <vector>

#include "sounds.hpp"

namespace didban {

using Letters = std::u32string_view;

struct Reading {
    uint8_t codes[kRow];
    int length, weight;
    bool unvocalised;
};

// What the rules ask of a part. What is seldom asked is told when it first is.
struct Part {
    std::u32string letters;
    int script;
    bool ascii, unvocalised, title, byname, of_father, first_half, initial, initials, lookalike, has_forms, given;
    bool is_read = false;           // whether the readings are known
    int common = -1;                // whether it is known the world over; -1: not asked yet
    uint64_t shape = 0;             // the phonetic class of the first reading
    std::vector<Reading> readings;
};

// The numbers and tables of the rules: Python states them once, and hands them over.
struct Rules {
    int cutoff, many, other_name, nearly_same, mistyped;
    unsigned written_out;  // scripts, as bits
    std::vector<std::u32string> beginnings, endings;
    std::vector<size_t> lengths, unvocalised_lengths;
    std::vector<std::vector<std::string>> counts_as;
    std::vector<std::string> across;
    std::vector<size_t> slips_from;

    int surely, slip, few, slips, pieces, without_servant, nickname;
    size_t beginning[2], least_joined;
    std::u32string servant;
};

// What Python is asked. Each answers -1 when Python raised an error.
struct Telling {
    void *asked;
    int (*number)(void *, const char32_t *, size_t);
    int (*read)(void *, int);
    int (*is_common)(void *, int);
    int (*are_two_names)(void *, int, int);
    int (*are_lookalikes)(void *, int, int);
    int (*are_one_name)(void *, int, int);
};

struct PythonFailed {};

inline int told(int answer) {
    if (answer < 0) throw PythonFailed();
    return answer;
}

// Answers by key, each kept until another takes its place.
class Kept {
    struct Entry {
        uint64_t key;  // 0: none
        int value;
    };
    std::vector<Entry> entries;

  public:
    static constexpr int kBits = 16;

    Kept() : entries(size_t(1) << kBits) {}

    void clear() { std::fill(entries.begin(), entries.end(), Entry{}); }

    template <typename Work>
    int of(uint64_t key, Work work) {
        const size_t at = (++key * 0x9E3779B97F4A7C15u) >> (64 - kBits);
        if (entries[at].key != key) {
            const int value = work();  // which may ask for other answers
            entries[at] = {key, value};
        }
        return entries[at].value;
    }
};

inline bool begins_with(Letters text, Letters with) { return text.substr(0, with.size()) == with; }

inline bool ends_with(Letters text, Letters with) {
    return text.size() >= with.size() && text.substr(text.size() - with.size()) == with;
}

inline size_t longer_than(const std::vector<size_t> &sizes, size_t length) {
    size_t n = 0;
    while (n < sizes.size() && length > sizes[n]) ++n;
    return n;
}

// The unweighted restricted Damerau-Levenshtein distance, of letters.
inline int edits(Letters a, Letters b) {
    const size_t width = b.size() + 1;
    std::vector<int> rows(3 * width);
    int *before = rows.data(), *row = before + width, *current = row + width;
    for (size_t j = 0; j < width; ++j) row[j] = int(j);
    for (size_t i = 0; i < a.size(); ++i) {
        current[0] = int(i) + 1;
        for (size_t j = 0; j < b.size(); ++j) {
            int cost = std::min({row[j] + (a[i] != b[j]), row[j + 1] + 1, current[j] + 1});
            if (i && j && a[i] == b[j - 1] && a[i - 1] == b[j]) cost = std::min(cost, before[j - 1] + 1);
            current[j + 1] = cost;
        }
        int *spare = before;
        before = row, row = current, current = spare;
    }
    return row[b.size()];
}

inline int letters_apart(Letters one, Letters other, int many) {
    const size_t longer = std::max(one.size(), other.size()), shorter = std::min(one.size(), other.size());
    if (longer - shorter >= size_t(many)) return many;
    size_t start = 0, end = 0;
    while (start < shorter && one[start] == other[start]) ++start;
    while (end < shorter - start && one[one.size() - 1 - end] == other[other.size() - 1 - end]) ++end;
    one = one.substr(start, one.size() - end - start);
    other = other.substr(start, other.size() - end - start);
    if (one.empty() || other.empty()) return std::min(int(std::max(one.size(), other.size())), many);
    return std::min(edits(one, other), many);
}

// The band of a similarity, also beyond the last.
inline int step(int similar) { return (kScale - similar + kBandWidth - 1) / kBandWidth; }

// The parts met so far, by number, and how alike they are.
class Parts {
  public:
    Parts(const Rules &rules, const Costs &costs, const Telling &telling)
        : rules(rules), costs(costs), telling(telling) {}

    void clear() {
        known.clear();
        alike.clear();
    }

    // The similarity 0..255 of two parts by sound.
    int similarity(int a, int b) {
        int best = 0;
        for (const Reading &x : readings(a))
            for (const Reading &y : readings(b)) {
                const int length = std::max(x.weight, y.weight);
                if (!length) continue;
                const int cost = distance(costs, x.codes, x.length, y.codes, y.length, x.unvocalised != y.unvocalised);
                best = std::max(best, kScale - kSlope * cost / length);
            }
        return best;
    }

    int likeness(int a, int b, int similar) {
        if (a == b) return similar;
        return alike.of(key(a, b) << 8 | unsigned(similar), [&] { return find_likeness(a, b, similar); });
    }

    size_t size() const { return known.size(); }
    Part &at(int number) { return known[number]; }
    void add(const Part &part) { known.push_back(part); }

  protected:
    const Rules rules;
    std::deque<Part> known;  // which lets none of them move when more come
    const Costs costs;
    const Telling telling;
    Kept alike;

    static uint64_t key(int a, int b) { return uint64_t(a) << 28 | unsigned(b); }

    int number(const std::u32string &letters) {
        return told(telling.number(telling.asked, letters.data(), letters.size()));
    }

    const std::vector<Reading> &readings(int a) {
        if (!known[a].is_read) told(telling.read(telling.asked, a));
        return known[a].readings;
    }

    int find_likeness(int a, int b, int similar) {
        if (are_lookalikes(a, b) || are_father_and_son(a, b, similar)) return 0;
        if (!in_one_alphabet(a, b)) {
            similar = across(known[a], known[b], similar);
            const bool two = known[a].given && known[b].given && told(telling.are_two_names(telling.asked, a, b));
            return two ? std::min(similar, rules.other_name) : similar;
        }
        Letters one = known[a].letters, other = known[b].letters;
        cut_what_is_common(one, other);
        if (one.size() != known[a].letters.size()) {
            a = number(std::u32string(one)), b = number(std::u32string(other));
            similar = std::min(similar, similarity(a, b));
        }
        const int apart = letters_apart(one, other, rules.many), heard = step(similar);
        const size_t length = longer_than(rules.lengths, std::max(one.size(), other.size()));
        const std::string &row = rules.counts_as[std::max(apart, 1) - 1][length];
        if (size_t(heard) >= row.size() || row[heard] == '-') return 0;
        if (apart > 1 && heard > rules.nearly_same && are_two_common_names(a, b)) return 0;
        const int counted = row[heard] - '0';
        return counted == heard ? similar : kScale - kBandWidth * counted;
    }

    bool are_lookalikes(int a, int b) const {
        return known[a].lookalike && known[b].lookalike && told(telling.are_lookalikes(telling.asked, a, b));
    }

    // Whether one part may be the other with one or two slips of the finger in it.
    bool may_be_slips(int a, int b) {
        const Letters one = known[a].letters, other = known[b].letters;
        const size_t most = longer_than(rules.slips_from, std::max(one.size(), other.size()));
        return letters_apart(one, other, rules.many) <= int(most) && in_one_alphabet(a, b) &&
               !are_two_common_names(a, b) && !are_lookalikes(a, b) &&
               known[a].of_father == known[b].of_father;
    }

    bool are_father_and_son(int a, int b, int similar) const {
        if (step(similar) <= rules.mistyped || known[a].unvocalised || known[b].unvocalised) return false;
        return known[a].of_father != known[b].of_father;
    }

    int across(const Part &one, const Part &other, int similar) const {
        if (one.unvocalised == other.unvocalised) return similar;
        const size_t length = (one.unvocalised ? one : other).letters.size();
        const std::string &row = rules.across[longer_than(rules.unvocalised_lengths, length)];
        const int heard = step(similar);
        if (heard <= rules.nearly_same || heard >= int(row.size())) return similar;
        return kScale - kBandWidth * (row[heard] - '0');
    }

    // Takes away the beginning and the ending of many names, where both have the same.
    void cut_what_is_common(Letters &one, Letters &other) const {
        const size_t first = beginning(one);
        if (first && beginning(other) == first && one.substr(0, first) == other.substr(0, first))
            one.remove_prefix(first), other.remove_prefix(first);
        const size_t last = ending(one);
        if (last && ending(other) == last && one.substr(one.size() - last) == other.substr(other.size() - last))
            one.remove_suffix(last), other.remove_suffix(last);
    }

    size_t beginning(Letters text) const {
        for (Letters common : rules.beginnings)
            if (text.size() >= common.size() + 2 && begins_with(text, common)) return common.size();
        return 0;
    }

    size_t ending(Letters text) const {
        size_t longest = 0;
        for (Letters common : rules.endings)
            if (common.size() > longest && text.size() >= common.size() + 2 && ends_with(text, common))
                longest = common.size();
        return longest;
    }

    bool in_one_alphabet(int a, int b) const {
        return known[a].script == known[b].script && rules.written_out >> known[a].script & 1;
    }

    bool are_two_common_names(int a, int b) {
        if (readings(a).empty() || readings(b).empty()) return false;
        return known[a].shape != known[b].shape && is_common(a) && is_common(b);
    }

    bool is_common(int a) {
        if (known[a].common < 0) known[a].common = told(telling.is_common(telling.asked, a));
        return known[a].common > 0;
    }
};

}  // namespace didban
