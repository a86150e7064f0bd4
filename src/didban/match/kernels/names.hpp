// Which parts of two names are each other's, and what that weighs: the twin of evidence/pairing.py
// and of evidence/names.py, which say why.
#pragma once

#include <cmath>
#include <numeric>

#include "parts.hpp"

namespace didban {

enum How { kAlike, kInitial, kNickname, kCut, kMistyped, kWays };

constexpr int kNone = 255;

// Places in the query's and in the listed name that agree.
struct Agreed {
    uint8_t ours[3], theirs[3];
    int own, listed;  // how many places these are
    int similarity;
    How how;
};

struct Pairing {
    std::vector<Agreed> agreed;
    unsigned ours = 0, theirs = 0;  // the places that agree, as bits

    void add(const Agreed &found) {
        agreed.push_back(found);
        for (int n = 0; n < found.own; ++n) ours |= 1u << found.ours[n];
        for (int n = 0; n < found.listed; ++n) theirs |= 1u << found.theirs[n];
    }
};

// A name by the numbers of its parts.
struct Line {
    int parts[kMaxParts];
    int size;
};

// A name that is asked for: see `names.QueryName`. `spared` is read only where it is given.
struct Asked {
    Line line;
    double shares[kMaxParts][kBands], spared[kMaxParts];
    bool of_person, is_spared;
};

// See evidence/parameters.py.
struct Weights {
    double share[kBands], rarest, same_culture, spelled, respelled, mistyped;
    double contradicted, extra_in_query, extra_in_candidate;
    double initial, nickname, beginning, byname, relatives, least_name, weak_name;
    double whole_name, whole_person, whole_single;
    int nearly_same;
};

class Names : public Parts {
  public:
    Names(const Rules &rules, const Weights &weights, const Costs &costs, const Telling &telling)
        : Parts(rules, costs, telling), weights(weights) {}

    void clear() {
        Parts::clear();
        agreeing.clear();
    }

    // `pairs`: for each of our parts the place of theirs (255: none) and the similarity.
    Pairing pair(const Line &ours, const Line &theirs, const uint8_t *pairs) {
        Pairing found;
        join(ours, theirs, pairs, found);
        for (int i = 0; i < ours.size; ++i) {
            const int j = pairs[2 * i], heard = pairs[2 * i + 1];
            if (j == kNone || found.ours >> i & 1 || found.theirs >> j & 1) continue;
            const int a = ours.parts[i], b = theirs.parts[j];
            if (letters(a).size() == 1 || letters(b).size() == 1) {
                found.add(one_each(i, j, heard, kInitial));
            } else if (const int alike = likeness(a, b, heard); alike >= rules.cutoff) {
                found.add(one_each(i, j, alike, kAlike));
            }
        }
        if (!found.agreed.empty()) {
            const int left = std::min(ours.size - count(found.ours), theirs.size - count(found.theirs));
            if (0 < left && left <= rules.few) look_again(ours, theirs, found);
        }
        return found;
    }

    // What `names.find` weighs, of persons' names without words for "son of".
    double weight(const Asked &asked, const Line &theirs, const uint8_t *pairs, bool is_weak) {
        const Line &ours = asked.line;
        const Pairing found = pair(ours, theirs, pairs);
        double information[kBands] = {};
        int ways[kWays] = {}, spelled = 0, respelled = 0;
        for (const Agreed &one : found.agreed) {
            ways[one.how] += std::max(one.own, one.listed);
            if (one.how != kAlike) continue;
            const int nearest = std::min(step(one.similarity), kBands - 1);
            double share = asked.shares[one.ours[0]][nearest];
            for (int n = 1; n < one.own; ++n) share = std::min(share, asked.shares[one.ours[n]][nearest]);
            information[nearest] -= std::log(std::max(share, weights.rarest));
            if (one.own != one.listed) continue;
            const int a = ours.parts[one.ours[0]], b = theirs.parts[one.theirs[0]];
            spelled += a == b, respelled += a != b && known[a].script == known[b].script;
        }
        const Alone own = alone(ours, found.ours), listed = alone(theirs, found.theirs);
        const int both = std::min(own.parts, listed.parts);
        const int own_bynames = std::min(own.bynames, own.parts - both);
        const int listed_bynames = std::min(listed.bynames, listed.parts - both);
        const int agreeing_parts = std::accumulate(ways, ways + kWays, 0);
        const int missing = is_address(ours) ? 0 : listed.parts - both - listed_bynames;
        const bool is_whole = !own.parts && !listed.parts && ways[kAlike] == agreeing_parts;

        const double culture = says_something(information, 0) ? culture_of(asked, found) : 0.0;
        double similar = 0.0;
        for (int b = 0; b < kBands; ++b) similar += information[b] * weights.share[b];
        const double written = spelled * weights.spelled + respelled * weights.respelled;
        const double others =
            ways[kInitial] * weights.initial + ways[kNickname] * weights.nickname + ways[kCut] * weights.beginning;
        double agreed = similar + culture * weights.same_culture + written + others;
        if (both) agreed = std::min(agreed, weights.relatives);
        const double total = agreed + ways[kMistyped] * weights.mistyped + both * weights.contradicted +
                             (own.parts - both - own_bynames) * weights.extra_in_query +
                             missing * weights.extra_in_candidate +
                             (own_bynames + listed_bynames) * weights.byname +
                             (is_whole ? whole(asked, information) : 0.0);
        if (is_weak && total > 0) return total * weights.weak_name;
        return std::max(total, weights.least_name);
    }

  private:
    const Weights weights;
    Kept agreeing;

    struct Alone {
        int parts = 0, bynames = 0;
    };

    struct Option {
        int strength, i, j;
        How how;

        bool operator<(const Option &other) const {
            if (strength != other.strength) return strength > other.strength;
            return i != other.i ? i < other.i : j < other.j;
        }
    };

    const std::u32string &letters(int part) const { return known[part].letters; }

    static unsigned places(const Line &line) { return (1u << line.size) - 1; }

    static int count(unsigned places) { return int(ones(places)); }

    static Agreed one_each(int i, int j, int similarity, How how) {
        return {{uint8_t(i)}, {uint8_t(j)}, 1, 1, similarity, how};
    }

    // Parts written as one on one side and as neighbours on the other.
    void join(const Line &ours, const Line &theirs, const uint8_t *pairs, Pairing &found) {
        unsigned free = places(ours), listed_free = places(theirs);
        for (int i = 0; i < ours.size; ++i)
            if (pairs[2 * i + 1] >= rules.surely) free &= ~(1u << i), listed_free &= ~(1u << pairs[2 * i]);
        join_pieces(ours, free, theirs, listed_free, [&](int i, int first, int size, int alike) {
            Agreed one = {{uint8_t(i)}, {}, 1, size, alike, kAlike};
            for (int n = 0; n < size; ++n) one.theirs[n] = uint8_t(first + n);
            found.add(one);
        });
        if (!found.agreed.empty()) return;
        join_pieces(theirs, listed_free, ours, free, [&](int j, int first, int size, int alike) {
            Agreed one = {{}, {uint8_t(j)}, size, 1, alike, kAlike};
            for (int n = 0; n < size; ++n) one.ours[n] = uint8_t(first + n);
            found.add(one);
        });
    }

    template <typename Found>
    void join_pieces(const Line &wholes, unsigned at, const Line &pieces, unsigned left, Found found) {
        for (int whole = 0; whole < wholes.size; ++whole)
            if (at >> whole & 1) left = join_one(wholes.parts[whole], whole, pieces, left, found);
    }

    // Looks for the pieces of one part, the shorter runs first; returns the places that are left.
    template <typename Found>
    unsigned join_one(int part, int whole, const Line &pieces, unsigned left, Found found) {
        for (int size = 2; size <= rules.pieces; ++size)
            for (int first = 0; first + size <= pieces.size; ++first) {
                const unsigned run = ((1u << size) - 1) << first;
                if ((left & run) != run || !may_be_one(part, pieces.parts + first, size)) continue;
                const int alike = likeness_joined(part, pieces.parts + first, size);
                if (alike < rules.surely) continue;
                found(whole, first, size, alike);
                return left & ~run;
            }
        return left;
    }

    bool may_be_one(int whole, const int *pieces, int size) const {
        int together = 0;
        bool ascii = known[whole].ascii;
        for (int n = 0; n < size; ++n) together += int(letters(pieces[n]).size()), ascii &= known[pieces[n]].ascii;
        const int length = int(letters(whole).size()), more = length - together;
        if (length < int(rules.least_joined) || more < -1 || more > 1) return false;
        return letters(whole)[0] == letters(pieces[0])[0] || !ascii;
    }

    int likeness_joined(int whole, const int *pieces, int size) {
        std::u32string together;
        for (int n = 0; n < size; ++n) together += letters(pieces[n]);
        const int part = number(together);
        return likeness(whole, part, similarity(whole, part));
    }

    // What else agrees of the parts that are left over, the surest first.
    void look_again(const Line &ours, const Line &theirs, Pairing &found) {
        std::vector<Option> options;
        unsigned alone = places(ours) & ~found.ours, listed_alone = places(theirs) & ~found.theirs;
        const unsigned agreed = found.ours;
        for (int i = 0; i < ours.size; ++i)
            for (int j = 0; alone >> i & 1 && j < theirs.size; ++j) {
                if (!(listed_alone >> j & 1)) continue;
                const int a = ours.parts[i], b = theirs.parts[j];
                if (const int either = otherwise(a, b))
                    options.push_back({either / kWays, i, j, How(either % kWays)});
                else if (is_cut(ours, i, agreed) && begins_with(letters(b), letters(a)))
                    options.push_back({rules.cutoff, i, j, kCut});
            }
        std::sort(options.begin(), options.end());
        for (const Option &option : options) {
            if (!(alone >> option.i & 1 && listed_alone >> option.j & 1)) continue;
            alone &= ~(1u << option.i), listed_alone &= ~(1u << option.j);
            found.add(one_each(option.i, option.j, option.strength, option.how));
        }
        for (int i = 0; i < ours.size; ++i)
            if (alone >> i & 1) begin_with(ours, i, theirs, listed_alone, [&](const uint8_t *places, int size) {
                Agreed more = {{uint8_t(i)}, {}, 1, size, kInitialSimilarity, kInitial};
                std::copy(places, places + size, more.theirs);
                found.add(more);
            });
        for (int j = 0; j < theirs.size; ++j)
            if (listed_alone >> j & 1) begin_with(theirs, j, ours, alone, [&](const uint8_t *places, int size) {
                Agreed more = {{}, {uint8_t(j)}, size, 1, kInitialSimilarity, kInitial};
                std::copy(places, places + size, more.ours);
                found.add(more);
            });
    }

    // How alike two parts are that do not sound alike, times `kWays`, and how they agree; 0: not.
    int otherwise(int a, int b) {
        if (known[a].title || known[b].title) return 0;
        return agreeing.of(key(a, b), [&] { return find_otherwise(a, b); });
    }

    int find_otherwise(int a, int b) {
        const bool turned = letters(b).size() < letters(a).size();
        const std::u32string &shorter = letters(turned ? b : a), &longer = letters(turned ? a : b);
        const bool begins = begins_with(longer, shorter);
        if (known[turned ? b : a].initial && (shorter.size() == 1 || begins))
            return begins ? kInitialSimilarity * kWays + kInitial : 0;
        if (known[a].has_forms && known[b].has_forms && told(telling.are_one_name(telling.asked, a, b)))
            return rules.nickname * kWays + kNickname;
        if (longer.size() == rules.servant.size() + shorter.size() && begins_with(longer, rules.servant) &&
            ends_with(longer, shorter))
            return rules.without_servant * kWays + kAlike;
        if (letters_apart(letters(a), letters(b), rules.many) <= rules.slips) {
            const int alike = likeness(a, b, similarity(a, b));
            if (alike >= rules.slip) return alike * kWays + kAlike;
            if (may_be_slips(a, b)) return rules.cutoff * kWays + kMistyped;
        }
        return 0;
    }

    // Whether a part may have been cut off: the last; or Abd, where the part behind it agrees.
    bool is_cut(const Line &line, int at, unsigned agreed) const {
        const Part &part = known[line.parts[at]];
        if (part.first_half) return agreed >> (at + 1) & 1;
        return at == line.size - 1 && part.letters.size() >= rules.beginning[count(agreed) > 1];
    }

    // Finds the places, of these, whose parts begin with the letters of a part, one after the other.
    template <typename Found>
    void begin_with(const Line &line, int at, const Line &others, unsigned among, Found found) const {
        const Part &part = known[line.parts[at]];
        if (!part.initials) return;
        uint8_t places[kMaxParts];
        int many = 0;
        for (int j = 0; j < others.size; ++j)
            if (among >> j & 1) places[many++] = uint8_t(j);
        const int size = int(part.letters.size());
        for (int first = 0; first + size <= many; ++first) {
            int n = 0;
            while (n < size && letters(others.parts[places[first + n]])[0] == part.letters[n]) ++n;
            if (n == size) return found(places + first, size);
        }
    }

    Alone alone(const Line &line, unsigned agreed) const {
        Alone found;
        for (int i = 0; i < line.size; ++i) {
            const Part &part = known[line.parts[i]];
            if (agreed >> i & 1 || part.title || part.first_half) continue;
            ++found.parts;
            found.bynames += part.byname;
        }
        return found;
    }

    int titles(const Line &line) const {
        return int(std::count_if(line.parts, line.parts + line.size, [&](int part) { return known[part].title; }));
    }

    // A title and one part.
    bool is_address(const Line &line) const {
        const int many = titles(line);
        return many > 0 && line.size - many == 1;
    }

    static bool says_something(const double *information, int from) {
        return std::any_of(information + from, information + kBands, [](double value) { return value != 0; });
    }

    double culture_of(const Asked &asked, const Pairing &found) const {
        if (!asked.is_spared) return 1.0;
        double spared = 0.0;
        for (const Agreed &one : found.agreed)
            for (int n = 0; one.how == kAlike && n < one.own; ++n) spared += asked.spared[one.ours[n]];
        return std::min(1.0, spared / weights.same_culture);
    }

    double whole(const Asked &asked, const double *information) const {
        if (says_something(information, weights.nearly_same)) return 0.0;
        if (!asked.of_person) return weights.whole_name;
        return asked.line.size - titles(asked.line) > 1 ? weights.whole_person : weights.whole_single;
    }
};

}  // namespace didban
