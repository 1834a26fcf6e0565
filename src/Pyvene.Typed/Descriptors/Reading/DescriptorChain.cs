using System;
using System.Collections.Generic;
using System.Linq;

namespace Pyvene.Typed.Descriptors.Reading;

/// <summary>
/// Is a descriptor with the one that it is like, which may be like another. It is equal while none of their texts changes, so that an edit reads again what it
/// concerns.
/// </summary>
/// <param name="File">The descriptor.</param>
/// <param name="Base">What it is like; <see langword="null"/> = nothing, or nothing that there is.</param>
/// <param name="Problem">Why there is no base, or <see langword="null"/>.</param>
internal sealed record DescriptorChain(DescriptorText File, DescriptorChain? Base, LikeProblem? Problem)
{
    /// <summary>Follows a descriptor to all that it is like.</summary>
    /// <param name="file">The descriptor.</param>
    /// <param name="all">The descriptors of the project.</param>
    public static DescriptorChain Of(DescriptorText file, IReadOnlyList<DescriptorText> all)
    {
        var walked = new List<DescriptorText>();
        DescriptorText? current = file;
        for (; current is not null && !walked.Contains(current); current = current.Like is { } like ? Find(like.Text, all) : null) walked.Add(current);
        if (current is not null) return new(file, null, CircleFrom(file, [.. walked.Skip(walked.IndexOf(current))]));

        DescriptorChain? chain = null;
        foreach (var step in Enumerable.Reverse(walked))
        {
            chain = new(step, chain, chain is null && step.Like is { } like ? Unknown(like.Text, step, all) : null);
        }

        return chain!;
    }

    private static DescriptorText? Find(string key, IReadOnlyList<DescriptorText> all) =>
        all.Where(file => file.Key == key).OrderBy(file => file.Path, StringComparer.Ordinal).FirstOrDefault() ?? ShippedDescriptors.Find(key);

    private static LikeProblem Unknown(string key, DescriptorText file, IReadOnlyList<DescriptorText> all)
    {
        var known = all.Select(other => other.Key).OfType<string>().Where(other => other != file.Key).Concat(ShippedDescriptors.Keys);
        return new(DescriptorRules.UnknownBase, key, NameSuggestions.For(key, known.OrderBy(other => other, StringComparer.Ordinal)));
    }

    // A circle is told once, in the first of its files; elsewhere nothing is made and nothing said.
    private static LikeProblem CircleFrom(DescriptorText file, DescriptorText[] circle)
    {
        var start = Array.IndexOf(circle, circle.OrderBy(member => member.Path, StringComparer.Ordinal).First());
        if (!file.Equals(circle[start])) return LikeProblem.ToldElsewhere;
        return new(DescriptorRules.CircularBase, file.Key!, string.Join(
            " like ", circle.Skip(start).Concat(circle.Take(start + 1)).Select(member => $"'{member.Key}'")));
    }
}
