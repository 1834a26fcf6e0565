using System.Diagnostics.Contracts;
using Pyvene.Typed.Descriptors;

namespace Pyvene.Typed;

/// <summary>Begins experiments on any architecture, a module of your own included.</summary>
public static class Experiment
{
    /// <summary>Returns the experiment without a step on an architecture: <c>Experiment.On&lt;MyNet&gt;().Zero(MyNet.Components.Fc1.Output)</c>.</summary>
    /// <typeparam name="TModel">The architecture; <see cref="InterventionModelAttribute"/> makes a class of your own one.</typeparam>
    [Pure]
    public static Experiment<TModel, NoSource> On<TModel>()
        where TModel : IArchitecture => Experiment<TModel, NoSource>.Empty;
}
