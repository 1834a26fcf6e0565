namespace Pyvene.Typed.Conformance;

/// <summary>Runs the cases of one group of golden data, such as <c>interventions</c>.</summary>
internal interface IGroup
{
    /// <summary>The folder name that marks the group, one of <see cref="GoldenFolder.GroupNames"/>.</summary>
    string Name { get; }

    /// <summary>Runs the cases of one leaf folder, such as <c>interventions/components</c>, one after another as they are asked for.</summary>
    /// <param name="folder">The full path of the leaf folder; <see cref="GoldenFolder.Of"/> finds its neighbours.</param>
    /// <param name="filter">Which cases run.</param>
    /// <returns>One result a case. A case that throws is a failed case (<see cref="GoldenFile.Run"/> sees to it), never an exception.</returns>
    IEnumerable<CaseResult> Run(string folder, CaseFilter filter);
}
