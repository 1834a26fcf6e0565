using System.Collections.Immutable;

namespace Pyvene.Typed;

/// <summary>Is a partition of the features of a place into named parts: what pyvene's <c>subspace_partition</c> numbers. Immutable.</summary>
/// <typeparam name="TName">The type of the names.</typeparam>
public sealed class Partition<TName>
    where TName : notnull
{
    private readonly ImmutableArray<(TName Name, Features Features)> parts;

    internal Partition(ImmutableArray<(TName Name, Features Features)> parts)
    {
        this.parts = parts;
        if (parts.IsEmpty)
        {
            throw new ArgumentException("A partition needs at least one part.", nameof(parts));
        }

        if (parts.GroupBy(part => part.Name).FirstOrDefault(same => same.Count() > 1) is { } twice)
        {
            throw new ArgumentException($"Two parts are named {twice.Key}.", nameof(parts));
        }

        if (parts.SelectMany(part => part.Features.Index.Rows[0].Select(feature => (part.Name, Feature: feature)))
            .GroupBy(item => item.Feature)
            .FirstOrDefault(same => same.Count() > 1) is { } shared)
        {
            throw new ArgumentException($"Feature {shared.Key} lies in several parts: {string.Join(", ", shared.Select(item => item.Name))}.", nameof(parts));
        }
    }

    /// <summary>Gets the names in the order of the parts.</summary>
    public IReadOnlyList<TName> Names => [.. parts.Select(part => part.Name)];

    /// <summary>Gets the features of a part.</summary>
    /// <param name="name">The part's name.</param>
    /// <exception cref="ArgumentException">No part has the name.</exception>
    public Features this[TName name]
    {
        get
        {
            foreach (var part in parts)
            {
                if (part.Name.Equals(name))
                {
                    return part.Features;
                }
            }

            throw new ArgumentException($"No part is named {name}; there are {string.Join(", ", Names)}.", nameof(name));
        }
    }
}
