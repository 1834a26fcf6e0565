namespace Pyvene.Typed.Generators.Tests.Completion;

/// <summary>One line of the list that an editor shows.</summary>
/// <param name="Name">What is inserted.</param>
/// <param name="Description">What is shown beside it: the signature, then the documentation.</param>
internal sealed record Suggestion(string Name, string Description);
