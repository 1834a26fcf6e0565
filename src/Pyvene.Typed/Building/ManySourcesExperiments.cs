using System.Diagnostics.Contracts;
using Pyvene.Typed.Descriptors;

namespace Pyvene.Typed;

/// <summary>Begins experiments that read more sources than have a type, or a number that a program computes.</summary>
public static class ManySourcesExperiments
{
    /// <summary>Returns a copy of this experiment that reads so many sources, which a run takes as a list; steps say <c>From(Source.At(index))</c>.</summary>
    /// <typeparam name="TModel">The architecture.</typeparam>
    /// <param name="experiment">The experiment.</param>
    /// <param name="count">The number of sources, at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">The number is below 1.</exception>
    [Pure]
    public static Experiment<TModel, ManySources> WithSources<TModel>(this Experiment<TModel, NoSource> experiment, int count)
        where TModel : IArchitecture
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        return experiment.Counting<ManySources>(count);
    }
}
